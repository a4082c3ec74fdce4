"""`python -m tallystick` is the program `tallystick`."""

from tallystick.doors.cli.main import main

if __name__ == "__main__":
    main()
