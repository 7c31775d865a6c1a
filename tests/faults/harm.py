"""A bit to flip in a file, and the key that opens a backup."""

KEY = "k" * 40


def flip(path, at):
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 4]))
