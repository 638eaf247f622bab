"""`python -m qa` is the script `qa`."""

from qa.cli import main

main()
