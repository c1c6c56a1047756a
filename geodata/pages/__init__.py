"""What people see. One file is one page: it defines `PAGE`, and `_frame.py` names it in one line."""
