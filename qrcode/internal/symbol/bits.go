package symbol

// A bitWriter appends bits to bytes, the most significant first.
type bitWriter struct {
	bytes []byte
	// pending has the last bits, count of them, that make no whole byte yet.
	pending uint64
	count   int
}

// put appends the lowest n bits of v, whose others are 0; n is at most 32.
func (w *bitWriter) put(v uint64, n int) {
	w.pending = w.pending<<uint(n) | v
	w.count += n
	for w.count >= 8 {
		w.count -= 8
		w.bytes = append(w.bytes, byte(w.pending>>uint(w.count)))
	}
}

// segments appends the text cut as modes say.
func (w *bitWriter) segments(text string, modes []mode, class int) {
	for start := 0; start < len(text); {
		m := modes[start]
		end := start + 1
		for end < len(text) && modes[end] == m {
			end++
		}
		w.put(indicators[m], 4)
		w.put(uint64(end-start), countBits[m][class])
		switch part := text[start:end]; m {
		case numeric:
			w.digits(part)
		case alphanumeric:
			w.letters(part)
		case bytewise:
			for i := range len(part) {
				w.put(uint64(part[i]), 8)
			}
		}
		start = end
	}
}

// digits appends three in ten bits; two last ones take seven, one takes four.
func (w *bitWriter) digits(s string) {
	for ; len(s) >= 3; s = s[3:] {
		w.put(100*digit(s[0])+10*digit(s[1])+digit(s[2]), 10)
	}
	switch len(s) {
	case 2:
		w.put(10*digit(s[0])+digit(s[1]), 7)
	case 1:
		w.put(digit(s[0]), 4)
	}
}

func digit(c byte) uint64 { return uint64(c - '0') }

// letters appends two characters of the alphabet in eleven bits; a last one
// takes six.
func (w *bitWriter) letters(s string) {
	for ; len(s) >= 2; s = s[2:] {
		w.put(45*uint64(values[s[0]])+uint64(values[s[1]]), 11)
	}
	if len(s) == 1 {
		w.put(uint64(values[s[0]]), 6)
	}
}

// finish appends what fills a symbol of so many bytes: a terminator of four 0
// bits, or as many as there is room for, the rest of the byte, and 0xec and 0x11
// in turn.
func (w *bitWriter) finish(size int) {
	w.put(0, min(4, 8*size-8*len(w.bytes)-w.count))
	w.put(0, (8-w.count)%8)
	for pad := byte(0xec); len(w.bytes) < size; pad ^= 0xec ^ 0x11 {
		w.bytes = append(w.bytes, pad)
	}
}
