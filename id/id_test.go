package id_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

const canonical = "01890a5d-ac96-774b-bcce-b302099a8057"

func TestParse(t *testing.T) {
	t.Parallel()

	t.Run("reads what String prints", func(t *testing.T) {
		t.Parallel()
		for range 100 {
			u := id.New()
			v, err := id.Parse(u.String())
			require.NoError(t, err)
			require.Equal(t, u, v)
		}
	})

	t.Run("reads either case and prints lower case", func(t *testing.T) {
		t.Parallel()
		u, err := id.Parse(strings.ToUpper(canonical))
		require.NoError(t, err)
		require.Equal(t, canonical, u.String())
	})

	for name, text := range map[string]string{
		"nothing":                "",
		"one character short":    canonical[1:],
		"one character long":     canonical + "0",
		"no hyphens":             strings.ReplaceAll(canonical, "-", ""),
		"braces":                 "{" + canonical + "}",
		"a URN":                  "urn:uuid:" + canonical,
		"a letter beyond f":      "g" + canonical[1:],
		"a hyphen out of place":  "-" + strings.Replace(canonical, "-", "0", 1)[1:],
		"a space":                " " + canonical[1:],
		"a wide digit":           "\uff11" + canonical[3:],
		"36 characters, 40 wide": strings.Repeat("ü", 18),
	} {
		t.Run(name+" is malformed", func(t *testing.T) {
			t.Parallel()
			u, err := id.Parse(text)
			require.ErrorIs(t, err, id.ErrMalformed)
			require.ErrorIs(t, err, fault.ErrInvalid)
			require.Zero(t, u)
		})
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	ids := make([]id.UUID, 10_000)
	for i := range ids {
		ids[i] = id.New()
	}
	require.True(t, slices.IsSortedFunc(ids, id.UUID.Compare), "later ids sort behind earlier ones")
	require.Len(t, slices.Compact(ids), 10_000, "no id twice")
	for _, u := range ids {
		require.EqualValues(t, 7, u[6]>>4, "version")
		require.EqualValues(t, 2, u[8]>>6, "variant")
	}
}

func TestUUID(t *testing.T) {
	t.Parallel()
	low, high := id.UUID{0: 0x7f}, id.UUID{0: 0x80}
	require.Negative(t, low.Compare(high), "bytes compare as unsigned numbers (S5)")
	require.Positive(t, high.Compare(low))
	require.Zero(t, low.Compare(low))
	require.Equal(t, strings.Compare(low.String(), high.String()), low.Compare(high), "text sorts as bytes do")

	require.True(t, id.UUID{}.IsZero())
	require.False(t, low.IsZero())

	b := low.Bytes()
	b[0] = 0
	require.Equal(t, id.UUID{0: 0x7f}, low, "Bytes returns a copy")
}

func TestText(t *testing.T) {
	t.Parallel()
	type record struct {
		ID     id.Workspace
		Counts map[id.Member]int
	}
	in := record{id.Workspace{UUID: id.New()}, map[id.Member]int{{UUID: id.New()}: 3}}
	text, err := json.Marshal(in)
	require.NoError(t, err)
	require.Contains(t, string(text), `"ID":"`+in.ID.String()+`"`)

	var out record
	require.NoError(t, json.Unmarshal(text, &out))
	require.Equal(t, in, out)

	kept := out.ID
	require.ErrorIs(t, json.Unmarshal([]byte(`{"ID":"w-1"}`), &out), id.ErrMalformed)
	require.Equal(t, kept, out.ID, "a failure leaves the value alone")
}

func TestAccount(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]id.Account{
		"one byte":              "u",
		"another login's words": "auth0|5f7c ü 王/#?",
		"255 bytes":             id.Account(strings.Repeat("a", id.MaxAccount)),
	} {
		t.Run(name+" is one", func(t *testing.T) {
			t.Parallel()
			require.NoError(t, a.Validate())
		})
	}
	for name, a := range map[string]id.Account{
		"nothing":            "",
		"256 bytes":          id.Account(strings.Repeat("a", id.MaxAccount+1)),
		"256 bytes of runes": id.Account(strings.Repeat("ü", id.MaxAccount/2+1)),
		"invalid UTF-8":      "u\xff",
		"a line feed":        "u\n",
		"NUL":                "u\x00",
		"DEL":                "u\x7f",
		"a C1 control":       "u\u0085",
	} {
		t.Run(name+" is none", func(t *testing.T) {
			t.Parallel()
			require.ErrorIs(t, a.Validate(), id.ErrAccount)
			require.ErrorIs(t, a.Validate(), fault.ErrInvalid)
		})
	}
}

// FuzzParse: whatever is read prints as the same text, in lower case, and
// whatever is not is ErrMalformed.
func FuzzParse(f *testing.F) {
	f.Add(canonical)
	f.Add("")
	f.Add("{" + canonical[:34] + "}")
	f.Fuzz(func(t *testing.T, text string) {
		u, err := id.Parse(text)
		if err != nil {
			require.ErrorIs(t, err, id.ErrMalformed)
			require.Zero(t, u)
			return
		}
		require.Equal(t, strings.ToLower(text), u.String())
	})
}
