package qrcode

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFraction writes 64ths with two digits.
func TestFraction(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 64: "1", 32: "0.5", 1: "0.02", 63: "0.98", -32: "-0.5", 6400: "100", 6401: "100.02", 5: "0.08", -1: "-0.02"} {
		require.Equal(t, want, string(appendFraction(nil, n)))
	}
}

// BenchmarkSVG makes a file of a layout that is given, beside its path alone, of
// which it should take no more than 1.3 times the time.
func BenchmarkSVG(b *testing.B) {
	for _, n := range []int{60, 200, 800} {
		l, err := newLayout("https://x.example/"+strings.Repeat("aB3-dE_f", n)[:n-18], nil)
		require.NoError(b, err)
		b.Run(fmt.Sprintf("%dB/path", n), func(b *testing.B) {
			for b.Loop() {
				l.path(make([]byte, 0, 4*l.n*l.n))
			}
		})
		b.Run(fmt.Sprintf("%dB/file", n), func(b *testing.B) {
			for b.Loop() {
				l.svg("Table 7")
			}
		})
	}
}
