"""Routines in LLVM's language that kernels call.

``DECLARATIONS`` name what the C library and the processor have, ``HELPERS`` are the functions that neither has. Where ``exp`` of
less than -38 would be added to 1, or its logarithm to more than 38 widths, the sum is known to the last bit and nothing is computed.
``ELIMINATE`` is the generic elimination that turns the partial derivatives of a block into total derivatives by its torn unknowns,
row by row: D[row] = Σ partial · D[what the partial refers to], where the tears' own rows are the identity.
"""

DECLARATIONS = """
declare double @exp(double) #0
declare double @log(double) #0
declare double @pow(double, double) #0
declare double @tanh(double) #0
declare double @sin(double) #0
declare double @cos(double) #0
declare double @log1p(double) #0
declare double @llvm.sqrt.f64(double)
declare double @llvm.fabs.f64(double)

attributes #0 = { nobuiltin nounwind willreturn memory(none) }
"""

HELPER_NAMES = ("f_softplus", "f_logistic", "f_hypot")
DECLARED_HELPERS = "".join(f"declare double @{name}(double, double) #0\n" for name in HELPER_NAMES)

HELPERS = """
define double @f_softplus(double %x, double %w) noinline {
  %positive = fcmp ogt double %x, 0.0
  %kink = select i1 %positive, double %x, double 0.0
  %smooth = fcmp ogt double %w, 0.0
  br i1 %smooth, label %soft, label %hard
soft:
  %size = call double @llvm.fabs.f64(double %x)
  %ratio = fdiv double %size, %w
  %distant = fcmp ogt double %ratio, 38.0
  %done = and i1 %distant, %positive
  br i1 %done, label %hard, label %near
near:
  %minus = fneg double %ratio
  %e = call double @exp(double %minus)
  %l = call double @log1p(double %e)
  %tail = fmul double %w, %l
  %value = fadd double %kink, %tail
  ret double %value
hard:
  ret double %kink
}

define double @f_logistic(double %x, double %w) noinline {
  %smooth = fcmp ogt double %w, 0.0
  br i1 %smooth, label %soft, label %hard
soft:
  %ratio = fdiv double %x, %w
  %distant = fcmp ogt double %ratio, 38.0
  br i1 %distant, label %one, label %near
one:
  ret double 1.0
near:
  %minus = fneg double %ratio
  %e = call double @exp(double %minus)
  %below = fadd double 1.0, %e
  %value = fdiv double 1.0, %below
  ret double %value
hard:
  %positive = fcmp ogt double %x, 0.0
  %negative = fcmp olt double %x, 0.0
  %low = select i1 %negative, double 0.0, double 0.5
  %step = select i1 %positive, double 1.0, double %low
  ret double %step
}

define double @f_hypot(double %a, double %b) noinline {
  %u = call double @llvm.fabs.f64(double %a)
  %v = call double @llvm.fabs.f64(double %b)
  %first = fcmp oge double %u, %v
  %big = select i1 %first, double %u, double %v
  %small = select i1 %first, double %v, double %u
  %none = fcmp oeq double %big, 0.0
  br i1 %none, label %origin, label %away
origin:
  ret double 0.0
away:
  %ratio = fdiv double %small, %big
  %square = fmul double %ratio, %ratio
  %under = fadd double 1.0, %square
  %root = call double @llvm.sqrt.f64(double %under)
  %value = fmul double %big, %root
  ret double %value
}
"""

ELIMINATE = """
define void @eliminate(ptr %sizes, ptr %structure, ptr %work) {
; rows of total derivatives: work = [partials | table of (tears + rows) x tears]; structure = [row starts | columns]
entry:
  %tears = load i64, ptr %sizes
  %sizes1 = getelementptr i64, ptr %sizes, i64 1
  %rows = load i64, ptr %sizes1
  %sizes2 = getelementptr i64, ptr %sizes, i64 2
  %count = load i64, ptr %sizes2
  %table = getelementptr double, ptr %work, i64 %count
  %rows1 = add i64 %rows, 1
  %columns = getelementptr i64, ptr %structure, i64 %rows1
  br label %row
row:
  %i = phi i64 [ 0, %entry ], [ %inext, %rowdone ]
  %more = icmp slt i64 %i, %rows
  br i1 %more, label %clear, label %exit
clear:
  %place = add i64 %tears, %i
  %offset = mul i64 %place, %tears
  %target = getelementptr double, ptr %table, i64 %offset
  br label %clearloop
clearloop:
  %c = phi i64 [ 0, %clear ], [ %cnext, %clearbody ]
  %cmore = icmp slt i64 %c, %tears
  br i1 %cmore, label %clearbody, label %edges
clearbody:
  %cp = getelementptr double, ptr %target, i64 %c
  store double 0.0, ptr %cp
  %cnext = add i64 %c, 1
  br label %clearloop
edges:
  %sp = getelementptr i64, ptr %structure, i64 %i
  %start = load i64, ptr %sp
  %i1 = add i64 %i, 1
  %ep = getelementptr i64, ptr %structure, i64 %i1
  %end = load i64, ptr %ep
  br label %edge
edge:
  %e = phi i64 [ %start, %edges ], [ %enext, %edgedone ]
  %emore = icmp slt i64 %e, %end
  br i1 %emore, label %axpy, label %rowdone
axpy:
  %colp = getelementptr i64, ptr %columns, i64 %e
  %col = load i64, ptr %colp
  %pp = getelementptr double, ptr %work, i64 %e
  %p = load double, ptr %pp
  %soffset = mul i64 %col, %tears
  %source = getelementptr double, ptr %table, i64 %soffset
  br label %axpyloop
axpyloop:
  %k = phi i64 [ 0, %axpy ], [ %knext, %axpybody ]
  %kmore = icmp slt i64 %k, %tears
  br i1 %kmore, label %axpybody, label %edgedone
axpybody:
  %kp = getelementptr double, ptr %source, i64 %k
  %kv = load double, ptr %kp
  %tp = getelementptr double, ptr %target, i64 %k
  %tv = load double, ptr %tp
  %prod = fmul double %p, %kv
  %sum = fadd double %tv, %prod
  store double %sum, ptr %tp
  %knext = add i64 %k, 1
  br label %axpyloop
edgedone:
  %enext = add i64 %e, 1
  br label %edge
rowdone:
  %inext = add i64 %i, 1
  br label %row
exit:
  ret void
}
"""
