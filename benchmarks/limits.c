/* Two textbook models torn by hand: the least work that their paths can cost.
   Rows of `path` are periods, row 0 the opening; every variable of every period is stored. */

#include <stddef.h>

/* SIM (Godley and Lavoie 2007, chapter 3). Columns: Cs Gs Ts Ns YD Td Cd Hs Hh Y Nd. given: alpha1 alpha2 theta W; gd: one a period. */
void sim(long periods, const double *given, const double *gd, double *path)
{
    const double a1 = given[0], a2 = given[1], theta = given[2], wage = given[3];
    const double multiplier = 1.0 / (1.0 - a1 * (1.0 - theta));
    for (long t = 1; t <= periods; t++) {
        const double *before = path + 11 * (t - 1);
        double *row = path + 11 * t;
        const double wealth = before[8], g = gd[t];
        const double y = (a2 * wealth + g) * multiplier;
        const double n = y / wage, tax = theta * wage * n, yd = wage * n - tax, c = a1 * yd + a2 * wealth;
        row[0] = c; row[1] = g; row[2] = tax; row[3] = n; row[4] = yd; row[5] = tax; row[6] = c;
        row[7] = before[7] + g - tax; row[8] = wealth + yd - c; row[9] = c + g; row[10] = n;
    }
}

/* LP (chapter 5). Columns: Y YDr T V CG C Ve Hh Hd Bd BLd Bh BLh Bs Hs Bcb BLs ERrbl rbl pble CGe YDre rb pbl.
   given: alpha1 alpha2 theta chi l20 l22 l23 l24 l30 l32 l33 l34; outside: G rbar pblbar, three a period. */
enum { Y, YDr, T, V, CG, C, Ve, Hh, Hd, Bd, BLd, Bh, BLh, Bs, Hs, Bcb, BLs, ERrbl, rbl, pble, CGe, YDre, rb, pbl, WIDTH };

void lp(long periods, const double *p, const double *outside, double *path)
{
    for (long t = 1; t <= periods; t++) {
        const double *b = path + WIDTH * (t - 1), *x = outside + 3 * t;
        double *r = path + WIDTH * t;
        r[rb] = x[1]; r[pbl] = x[2]; r[pble] = r[pbl]; r[rbl] = 1.0 / r[pbl];
        r[ERrbl] = r[rbl] + p[3] * (r[pble] - r[pbl]) / r[pbl];
        r[CG] = (r[pbl] - b[pbl]) * b[BLh];
        r[YDre] = b[YDr];
        r[C] = p[0] * r[YDre] + p[1] * b[V];
        r[Y] = r[C] + x[0];
        const double interest = b[rb] * b[Bh] + b[BLh];
        r[T] = p[2] * (r[Y] + interest);
        r[YDr] = r[Y] - r[T] + interest;
        r[V] = b[V] + r[YDr] - r[C] + r[CG];
        r[Ve] = b[V] + r[YDre] - r[C] + r[CG];
        r[Bd] = r[Ve] * (p[4] + p[5] * r[rb] + p[6] * r[ERrbl]) + p[7] * r[YDre];
        r[BLd] = (r[Ve] * (p[8] + p[9] * r[rb] + p[10] * r[ERrbl]) + p[11] * r[YDre]) / r[pbl];
        r[Bh] = r[Bd]; r[BLh] = r[BLd]; r[BLs] = r[BLh];
        r[CGe] = p[3] * (r[pble] - r[pbl]) * r[BLh];
        r[Hh] = r[V] - r[Bh] - r[pbl] * r[BLh];
        r[Hd] = r[Ve] - r[Bd] - r[pbl] * r[BLd];
        r[Bs] = b[Bs] + x[0] + b[rb] * b[Bs] + b[BLs] - r[T] - b[rb] * b[Bcb] - (r[BLs] - b[BLs]) * r[pbl];
        r[Bcb] = r[Bs] - r[Bh];
        r[Hs] = b[Hs] + r[Bcb] - b[Bcb];
    }
}
