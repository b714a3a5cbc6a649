"""``python -m dollarflow``."""

from dollarflow.cli import main

if __name__ == "__main__":
    main()
