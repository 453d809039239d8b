package qrcode_test

import (
	"strings"
	"testing"
	"testing/cryptotest"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/storage/storagetest"
)

// TestShortIDs: twelve characters without look-alikes, each of which occurs at every
// place, and never the same id twice.
func TestShortIDs(t *testing.T) {
	cryptotest.SetGlobalRandom(t, 1)
	b := newBench(t)
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	var seen [qrcode.ShortLength]map[byte]bool
	ids := make(map[string]bool)
	for range 400 {
		short := b.define(true).Short
		require.Len(t, short, qrcode.ShortLength)
		require.False(t, ids[short])
		ids[short] = true
		for i := range short {
			require.Contains(t, alphabet, short[i:i+1])
			if seen[i] == nil {
				seen[i] = make(map[byte]bool)
			}
			seen[i][short[i]] = true
		}
	}
	for i := range seen {
		require.Len(t, seen[i], len(alphabet), "place %d", i)
	}
}

// TestShortLookAlikes: whoever types an id may mistake O, I and L.
func TestShortLookAlikes(t *testing.T) {
	cryptotest.SetGlobalRandom(t, 1)
	b := newBench(t)
	var code qrcode.Code
	for !strings.Contains(code.Short, "0") || !strings.Contains(code.Short, "1") {
		code = b.define(true)
	}
	for _, typed := range []string{
		strings.ReplaceAll(code.Short, "0", "O"), strings.ReplaceAll(code.Short, "0", "o"), strings.ReplaceAll(code.Short, "1", "I"),
		strings.ReplaceAll(code.Short, "1", "i"), strings.ReplaceAll(code.Short, "1", "L"), strings.ReplaceAll(code.Short, "1", "l"),
	} {
		got, err := b.QRCodes.Resolve(t.Context(), typed)
		require.NoError(t, err, typed)
		require.Equal(t, code.ID, got.Code)
	}
	for _, wrong := range []string{strings.ReplaceAll(code.Short, "0", "U"), strings.ReplaceAll(code.Short, "1", "|")} {
		_, err := b.QRCodes.Resolve(t.Context(), wrong)
		require.ErrorIs(t, err, qrcode.ErrShortNotFound)
	}
}

// TestShortTaken: an id that somebody has is drawn anew, whether the insert or the
// commit tells; not for ever.
func TestShortTaken(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"InsertQRCode", "Commit"} {
		b := newBench(t)
		in := menu
		in.MiniProgram, in.Short = b.Shop, true
		calls, failing := 0, 2
		codes := b.over(func(c storagetest.Call) error {
			if c.Method == method {
				if calls++; calls <= failing {
					return qrcode.ErrShortTaken
				}
			}
			return nil
		})
		c, err := codes.Define(t.Context(), b.by, in)
		require.NoError(t, err)
		require.Equal(t, 3, calls)
		require.Len(t, b.events(c.ID), 1)
		require.Len(t, b.list(false), 2, "the default one and this one")

		calls, failing = 0, 1000
		_, err = codes.Define(t.Context(), b.by, in)
		require.ErrorIs(t, err, qrcode.ErrShortTaken)
		require.Equal(t, 8, calls)
	}
}

// TestShortOption: where short links may begin.
func TestShortOption(t *testing.T) {
	t.Parallel()
	for _, good := range []string{base, "HTTPS://W.EXAMPLE/Q/", "https://w.example:8443/", "https://w.example/a/b%20c/", "https://127.0.0.1/"} {
		_, err := qrcode.New(nil, nil, &qrcode.Options{Short: good})
		require.NoError(t, err, good)
	}
	for _, bad := range []string{
		"http://w.example/", "w.example/q/", "//w.example/q/", "https://w.example/q", "https://w.example", "https:///q/", "https://u:p@w.example/",
		"https://w.example/?q=/", "https://w.example/#/", "https://w.example/é/", "https://w.example/a b/", "https://w.example/\r\n/",
		"https://w.example/<b>/", "javascript:alert(1)/", "https://w.example\\@evil.example/",
	} {
		_, err := qrcode.New(nil, nil, &qrcode.Options{Short: bad})
		requireProblem(t, err, "short", "malformed", "https://w.example/q/")
	}
	_, err := qrcode.New(nil, nil, &qrcode.Options{Short: "https://w.example/" + strings.Repeat("x", qrcode.MaxLink) + "/"})
	requireProblem(t, err, "short", "too_long", "at most 2048 bytes with the 12 of the short id, got 2079")
}
