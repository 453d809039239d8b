package qrcode

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// halves are the characters for two modules below each other: the upper, the lower.
var halves = [2][2]string{{" ", "▄"}, {"▀", "█"}}

// text returns the code in half blocks. Between the escape sequences for colours
// and for none the text holds nothing but blocks and spaces, line by line, so that a
// terminal that is too narrow does not colour what is left of a line.
func (l *layout) text() []byte {
	var b strings.Builder
	on, off := l.ansi()
	width := l.n + 2*l.Quiet
	dark := func(x, y int) int {
		x, y = x-l.Quiet, y-l.Quiet
		return b2i(x >= 0 && y >= 0 && x < l.n && y < l.n && l.rows[y].Dark(x))
	}
	for y := 0; y < width; y += 2 {
		b.WriteString(on)
		for x := range width {
			b.WriteString(halves[dark(x, y)][dark(x, y+1)])
		}
		b.WriteString(off + "\n")
	}
	if l.Caption != "" {
		// Why one cell for each character: a wide one only moves the line a little.
		free := max(0, width-utf8.RuneCountInString(l.Caption))
		b.WriteString(on + strings.Repeat(" ", free/2) + l.Caption + strings.Repeat(" ", free-free/2) + off + "\n")
	}
	return []byte(b.String())
}

// ansi returns the escape sequences before and behind a line. Black and white are
// those of the fixed part of the 256 colours, which no theme of a terminal changes.
func (l *layout) ansi() (on, off string) {
	if l.Transparent {
		return "", ""
	}
	if l.Dark == blackInk && l.Light == whiteInk {
		return "\x1b[38;5;16;48;5;231m", "\x1b[0m"
	}
	return fmt.Sprintf("\x1b[38;2;%d;%d;%d;48;2;%d;%d;%dm", l.Dark.r, l.Dark.g, l.Dark.b, l.Light.r, l.Light.g, l.Light.b), "\x1b[0m"
}

// writeText hands the text to w in one Write.
func (l *layout) writeText(w io.Writer) error { return writeAll(w, l.text()) }
