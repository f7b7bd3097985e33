from __future__ import annotations

from installation.text.markov import LineWriter

POEM = (
    "The fox runs out into the snow,",
    "The snow falls on the sleeping sea",
    "and the sea takes the moon into the dark.",
    "Nobody sleeps on the moon",
)


def lines_of(seed: int, count: int = 20, poem: tuple[str, ...] = POEM) -> list[str]:
    writer = LineWriter(poem, seed)
    return [writer.next_line() for _ in range(count)]


def test_new_lines_have_the_words_of_the_poem_and_are_none_of_its_lines() -> None:
    words = {word for line in POEM for word in line.split()}
    for line in lines_of(1):
        assert line
        assert set(line.split()) <= words
        assert line not in POEM
        assert 3 <= len(line.split()) <= 14


def test_the_same_seed_writes_the_same_lines_and_another_seed_others() -> None:
    assert lines_of(1) == lines_of(1) != lines_of(2)
    assert len(set(lines_of(1))) > 5


def test_two_words_follow_each_other_as_in_the_poem() -> None:
    def plain(line: str) -> list[str]:
        return [word.strip(".,").lower() for word in line.split()]

    pairs = {pair for line in POEM for pair in zip(plain(line), plain(line)[1:], strict=False)}
    for line in lines_of(3):
        assert set(zip(plain(line), plain(line)[1:], strict=False)) <= pairs


def test_nothing_is_written_from_too_little() -> None:
    assert lines_of(1, 1, ()) == [""]
    assert lines_of(1, 1, ("a fox", "a fox")) == [""]


def test_what_is_said_later_is_learnt() -> None:
    writer = LineWriter(POEM, 1)
    writer.learn("The owl calls into the dark")
    assert any("owl" in writer.next_line() for _ in range(100))
