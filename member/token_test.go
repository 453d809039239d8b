package member_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
)

// TestTokenIsNotPrinted: neither fmt nor slog nor an encoder prints a token.
func TestTokenIsNotPrinted(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	_, token := k.Invite(rbac.Developer, "dee")
	secret := token.Reveal()
	type holder struct {
		Token member.Token
		Any   any
	}
	values := map[string]any{
		"itself": token, "a pointer": &token, "a struct": holder{token, token}, "a pointer to a struct": &holder{token, token},
		"a slice": []member.Token{token}, "an array": [1]member.Token{token}, "a map": map[string]member.Token{"token": token},
		"an interface": []any{token}, "nested": []holder{{token, []any{token}}},
	}
	// forms are what could be read as the token.
	raw, err := base64.RawURLEncoding.DecodeString(secret)
	require.NoError(t, err)
	forms := []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), fmt.Sprintf("%x", raw), fmt.Sprint([]byte(secret)), fmt.Sprintf("% x", secret)}
	clean := func(t *testing.T, out string) {
		t.Helper()
		for _, f := range forms {
			require.NotContains(t, out, f)
		}
	}
	for name, v := range values {
		t.Run(name, func(t *testing.T) {
			for _, f := range []string{"%v", "%s", "%q", "%x", "%X", "%+v", "%#v", "%d", "%T %v", "%+q", "%#q", "%100v", "%.50s", "% x", "%U", "%c", "%t"} {
				clean(t, fmt.Sprintf(f, v, v))
			}
			clean(t, fmt.Sprint(v))
			clean(t, fmt.Sprintln(v))
			clean(t, fmt.Errorf("invite: %v", v).Error())
			var b bytes.Buffer
			for _, h := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
				slog.New(h).Info("sent", "token", v, slog.Group("group", "token", v), slog.Any("any", v))
			}
			clean(t, b.String())
			if out, err := json.Marshal(v); err == nil {
				clean(t, string(out))
				require.Contains(t, string(out), "[redacted]")
			}
			if out, err := xml.Marshal(v); err == nil {
				clean(t, string(out))
			}
		})
	}
	require.Equal(t, "[redacted]", fmt.Sprint(token))
	require.Equal(t, "[redacted]", token.LogValue().String())
}

// TestTokenIsSecret: 43 characters, each time others, and the store gets the
// hash alone.
func TestTokenIsSecret(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	kept := &watch{Store: k.Store}
	p := k.Over(kept)
	seen := make(map[string]bool)
	note := func(token member.Token, err error) {
		t.Helper()
		require.NoError(t, err)
		require.Regexp(t, "^[A-Za-z0-9_-]{43}$", token.Reveal())
		require.False(t, seen[token.Reveal()])
		seen[token.Reveal()] = true
		raw, err := base64.RawURLEncoding.DecodeString(token.Reveal())
		require.NoError(t, err)
		require.Contains(t, kept.hashes, sha256.Sum256(raw))
	}
	for i := range 20 {
		m, token, err := p.Members.Invite(t.Context(), merchantAdmin, member.Invite{
			Workspace: k.Merchant, Email: fmt.Sprintf("dee-%d@people.example", i), Name: "Dee", Role: rbac.DeveloperAdmin,
		})
		note(token, err)
		_, token, err = p.Members.Resend(t.Context(), merchantAdmin, m.ID)
		note(token, err)
	}
	everything := fmt.Sprintf("%+v", all(t, k))
	for _, events := range all(t, k).Events {
		for _, e := range events {
			everything += string(e.Data) + string(e.Personal) + string(e.Salt)
		}
	}
	for secret := range seen {
		require.NotContains(t, everything, secret)
	}
}

// A watch is a store that notes the hashes of tokens.
type watch struct {
	storage.Store
	hashes [][32]byte
}

func (w *watch) Update(ctx context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return w.Store.Update(ctx, s, func(ctx context.Context, tx storage.Tx) error { return fn(ctx, watched{tx, w}) })
}

type watched struct {
	storage.Tx
	watch *watch
}

func (w watched) InsertToken(ctx context.Context, hash [32]byte, m id.Member, generation int) error {
	w.watch.hashes = append(w.watch.hashes, hash)
	return w.Tx.InsertToken(ctx, hash, m, generation)
}

// TestTokenForms: what is no token is malformed, and what is nobody's is
// unknown.
func TestTokenForms(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	e := become(t, k, member.StatusSent)
	good := e.Token.Reveal()
	last := good[42]
	for name, tt := range map[string]struct {
		token string
		want  error
	}{
		"nothing":                        {"", member.ErrTokenMalformed},
		"a character short":              {good[:42], member.ErrTokenMalformed},
		"a character long":               {good + "A", member.ErrTokenMalformed},
		"twice":                          {good + good, member.ErrTokenMalformed},
		"padding":                        {good + "=", member.ErrTokenMalformed},
		"padding within 43":              {good[:42] + "=", member.ErrTokenMalformed},
		"a trailing line feed":           {good + "\n", member.ErrTokenMalformed},
		"a trailing carriage return":     {good + "\r\n", member.ErrTokenMalformed},
		"a line feed in between":         {good[:20] + "\n" + good[20:], member.ErrTokenMalformed},
		"a line feed instead":            {good[:20] + "\n" + good[21:], member.ErrTokenMalformed},
		"a leading space":                {" " + good, member.ErrTokenMalformed},
		"the standard alphabet":          {"+/" + good[2:], member.ErrTokenMalformed},
		"another alphabet":               {strings.Repeat("ä", 21) + "A", member.ErrTokenMalformed},
		"bits that belong to no byte":    {good[:42] + string(next(last)), member.ErrTokenMalformed},
		"an id":                          {e.ID.String(), member.ErrTokenMalformed},
		"the redacted form":              {"[redacted]", member.ErrTokenMalformed},
		"a zero byte":                    {good[:42] + "\x00", member.ErrTokenMalformed},
		"one that was never sent":        {strings.Repeat("A", 43), member.ErrTokenUnknown},
		"one that differs in its start":  {string(next(good[0])) + good[1:], member.ErrTokenUnknown},
		"one that differs in the middle": {good[:20] + string(next(good[20])) + good[21:], member.ErrTokenUnknown},
		"one in the other case":          {swap(good[:42]) + good[42:], member.ErrTokenUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			before := all(t, k)
			in, err := k.Members.Inspect(t.Context(), member.Token(tt.token))
			require.ErrorIs(t, err, tt.want)
			require.Zero(t, in)
			m, err := k.Members.Accept(t.Context(), member.Token(tt.token), superapptest.Person("dee"))
			require.ErrorIs(t, err, tt.want)
			require.Zero(t, m)
			require.Equal(t, map[error]fault.Kind{
				member.ErrTokenMalformed: fault.ErrInvalid, member.ErrTokenUnknown: fault.ErrNotFound,
			}[tt.want], fault.KindOf(err))
			if len(tt.token) > 3 {
				require.NotContains(t, err.Error(), tt.token)
			}
			require.Equal(t, before, all(t, k))
		})
	}
	_, err := k.Members.Accept(t.Context(), member.Token(good), superapptest.Person("dee"))
	require.NoError(t, err)
}

// next is another character of the alphabet, whose lowest bit differs.
func next(c byte) byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, c)^1]
}

// swap turns small letters into capitals and capitals into small ones.
func swap(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r ^ 0x20
		}
		return r
	}, s)
}

// FuzzToken: whatever comes in as a token is answered with one of two errors.
func FuzzToken(f *testing.F) {
	k := superapptest.New(f, nil)
	_, token := k.Invite(rbac.Developer, "dee")
	f.Add("")
	f.Add(strings.Repeat("A", 43))
	f.Add(token.Reveal() + "\n")
	f.Fuzz(func(t *testing.T, s string) {
		if s == token.Reveal() {
			return
		}
		_, err := k.Members.Inspect(t.Context(), member.Token(s))
		if !errors.Is(err, member.ErrTokenMalformed) && !errors.Is(err, member.ErrTokenUnknown) {
			t.Fatalf("%q: err = %v", s, err)
		}
	})
}
