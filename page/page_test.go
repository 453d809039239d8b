package page_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
)

func TestCursor(t *testing.T) {
	t.Parallel()

	t.Run("gives back its key", func(t *testing.T) {
		t.Parallel()
		for _, key := range []string{"k", "\x00", "\xff\xfe", strings.Repeat("long", 100)} {
			c := page.Encode("members", []byte(key))
			got, err := page.Decode("members", c)
			require.NoError(t, err)
			require.Equal(t, key, string(got))
		}
	})

	t.Run("is safe in a URL", func(t *testing.T) {
		t.Parallel()
		for b := range 256 {
			require.Regexp(t, "^[A-Za-z0-9_-]+$", string(page.Encode("members", []byte{byte(b), 0xff})))
		}
	})

	t.Run("nothing is the first page", func(t *testing.T) {
		t.Parallel()
		key, err := page.Decode("members", "")
		require.NoError(t, err)
		require.Nil(t, key)
	})

	c := page.Encode("members", []byte("key"))
	refused := map[string]page.Cursor{
		"a cursor of another list":         page.Encode("workspaces", []byte("key")),
		"a cursor without a key":           page.Encode("members", nil),
		"a page number":                    "2",
		"half a cursor":                    c[:len(c)/2],
		"a cursor and more":                c + c,
		"padding":                          c + "==",
		"a line feed in between":           c[:4] + "\n" + c[4:],
		"a character outside the alphabet": "!" + c[1:],
	}
	for i := range c {
		other := byte('A')
		if c[i] == other {
			other = 'B'
		}
		refused["one character changed, the "+string(c[:i])+"…"] = c[:i] + page.Cursor(other) + c[i+1:]
	}
	for name, c := range refused {
		t.Run(name+" is refused", func(t *testing.T) {
			t.Parallel()
			key, err := page.Decode("members", c)
			require.ErrorIs(t, err, page.ErrCursor)
			require.ErrorIs(t, err, fault.ErrInvalid)
			require.Nil(t, key)
		})
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, page.DefaultSize, page.MaxSize} {
		limit, err := page.Request{Size: size}.Limit()
		require.NoError(t, err)
		require.Equal(t, size, limit)
	}
	limit, err := page.Request{}.Limit()
	require.NoError(t, err)
	require.Equal(t, page.DefaultSize, limit)

	for _, size := range []int{-1, page.MaxSize + 1} {
		_, err := page.Request{Size: size}.Limit()
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.ErrorContains(t, err, "size: want 1 to 500 items a page, got ")
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	key := func(s string) []byte { return []byte(s) }

	t.Run("one more than asked for makes a cursor", func(t *testing.T) {
		t.Parallel()
		items := []string{"a", "b", "c"}
		p := page.Cut("letters", items, 2, key)
		require.Equal(t, []string{"a", "b"}, p.Items)
		after, err := page.Decode("letters", p.Next)
		require.NoError(t, err)
		require.Equal(t, "b", string(after))

		_ = append(p.Items, "x")
		require.Equal(t, "c", items[2], "appending to a page does not reach behind it")
	})

	t.Run("no more than asked for is the last page", func(t *testing.T) {
		t.Parallel()
		for _, items := range [][]string{nil, {"a"}, {"a", "b"}} {
			p := page.Cut("letters", items, 2, key)
			require.Equal(t, items, p.Items)
			require.Empty(t, p.Next)
		}
	})
}

func TestByID(t *testing.T) {
	t.Parallel()
	u := id.New()
	_, got, err := page.Request{After: page.Encode("members", u.Bytes())}.ByID("members")
	require.NoError(t, err)
	require.Equal(t, u, got)

	_, got, err = page.Request{}.ByID("members")
	require.NoError(t, err)
	require.True(t, got.IsZero(), "the first page")

	for name, c := range map[string]page.Cursor{
		"of another list":    page.Encode("workspaces", u.Bytes()),
		"that holds no id":   page.Encode("members", []byte("key")),
		"that holds two ids": page.Encode("members", append(u.Bytes(), u.Bytes()...)),
	} {
		_, got, err := page.Request{After: c}.ByID("members")
		require.ErrorIs(t, err, page.ErrCursor, "a cursor %s", name)
		require.True(t, got.IsZero())
	}
}

// FuzzDecode: Decode takes back exactly what Encode gives, and nothing else.
func FuzzDecode(f *testing.F) {
	f.Add("members", string(page.Encode("members", []byte("key"))))
	f.Add("members", string(page.Encode("workspaces", []byte("key"))))
	f.Add("", "")
	f.Fuzz(func(t *testing.T, list, text string) {
		key, err := page.Decode(list, page.Cursor(text))
		if err != nil {
			require.ErrorIs(t, err, page.ErrCursor)
			require.Nil(t, key)
		} else if text != "" {
			require.Equal(t, text, string(page.Encode(list, key)))
		}

		if text == "" {
			return
		}
		back, err := page.Decode(list, page.Encode(list, []byte(text)))
		require.NoError(t, err)
		require.Equal(t, text, string(back))
	})
}
