package qrcode_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// TestActs does every change to a short code: each is what is stored and returned,
// makes one event with the state before and after, and answers the second time.
func TestActs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	code := b.define(true)
	for _, a := range acts {
		before := code
		b.Clock.Advance(time.Minute)
		seen := len(b.events(code.ID))
		after, err := a.do(t.Context(), b.QRCodes, b.by.WithRequest("r-1"), code.ID)
		require.NoError(t, err, a.name)
		stored, err := b.QRCodes.Get(t.Context(), b.by, code.ID)
		require.NoError(t, err)
		require.Equal(t, stored, after, a.name)
		require.NotEqual(t, before, after, a.name)
		require.Equal(t, b.Clock.Now(), after.UpdatedAt, a.name)
		require.Equal(t, before.Link, after.Link, "printed pictures stay")

		events := b.events(code.ID)[seen:]
		require.Len(t, events, 1, a.name)
		require.Equal(t, a.verb, events[0].Verb)
		data, err := events[0].DecodeData()
		require.NoError(t, err)
		require.Equal(t, "r-1", data.Request)
		personal, err := events[0].DecodePersonal()
		require.NoError(t, err)
		for _, x := range []struct {
			code            qrcode.Code
			state, personal []byte
		}{{before, data.Before, personal.Before}, {after, data.After, personal.After}} {
			state, person := x.code.Audit()
			require.JSONEq(t, asJSON(t, state), string(x.state), a.name)
			require.JSONEq(t, asJSON(t, person), string(x.personal), a.name)
		}

		again, err := a.do(t.Context(), b.QRCodes, b.by, code.ID)
		if a.again == nil {
			require.NoError(t, err, a.name)
			require.Equal(t, after, again, a.name)
		} else {
			require.ErrorIs(t, err, a.again, a.name)
		}
		require.Len(t, b.events(code.ID), seen+1, "the second %s makes no event", a.name)
		code = after
	}
	_, err := b.Audit.Verify(t.Context(), superapptest.System, b.Merchant)
	require.NoError(t, err)
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// TestActsRefused: who may not change a code, and which codes may not be changed.
func TestActsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	short, direct, standard := b.define(true), b.define(false), b.defaultCode()
	nothing := id.QRCode{UUID: id.UUID{15: 250}}
	for _, a := range acts {
		_, hidden := a.do(t.Context(), b.QRCodes, stranger, short.ID)
		require.ErrorIs(t, hidden, qrcode.ErrNotFound, a.name)
		_, absent := a.do(t.Context(), b.QRCodes, b.by, nothing)
		require.EqualError(t, absent, hidden.Error(), "what is hidden looks like what is not there")
		_, err := a.do(t.Context(), b.QRCodes, b.As(rbac.Developer), short.ID)
		require.ErrorIs(t, err, rbac.ErrDenied, a.name)
		if a.short {
			for _, c := range []qrcode.Code{direct, standard} {
				_, err := a.do(t.Context(), b.QRCodes, b.by, c.ID)
				require.ErrorIs(t, err, qrcode.ErrDirect, a.name)
				require.ErrorContains(t, err, "define a short code")
			}
		}
	}
	_, err := b.QRCodes.Delete(t.Context(), b.by, short.ID)
	require.NoError(t, err)
	for _, a := range acts {
		if a.name != "restore" {
			_, err := a.do(t.Context(), b.QRCodes, b.by, short.ID)
			require.ErrorIs(t, err, qrcode.ErrDeleted, a.name)
		}
	}
	b.archive()
	for _, a := range acts {
		for _, c := range []qrcode.Code{short, direct, standard} {
			_, err := a.do(t.Context(), b.QRCodes, b.by, c.ID)
			require.ErrorIs(t, err, miniprogram.ErrArchived, a.name)
		}
	}
	require.Equal(t, []id.QRCode{standard.ID, direct.ID}, b.list(false))
	require.Equal(t, []id.QRCode{short.ID}, b.list(true))
}

// TestReadsRefused: who may not read about a code.
func TestReadsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	code := b.define(true)
	reads := map[string]func(by rbac.Actor, c id.QRCode) error{
		"get": func(by rbac.Actor, c id.QRCode) error { _, err := b.QRCodes.Get(t.Context(), by, c); return err },
		"history": func(by rbac.Actor, c id.QRCode) error {
			_, err := b.QRCodes.History(t.Context(), by, c, page.Request{})
			return err
		},
		"scans": func(by rbac.Actor, c id.QRCode) error { _, err := b.QRCodes.Scans(t.Context(), by, c); return err },
	}
	for name, read := range reads {
		require.NoError(t, read(b.by, code.ID), name)
		require.NoError(t, read(b.As(rbac.WorkspaceAdmin), code.ID), name)
		require.ErrorIs(t, read(b.As(rbac.Operator), code.ID), rbac.ErrDenied, name)
		require.ErrorIs(t, read(stranger, code.ID), qrcode.ErrNotFound, name)
		require.ErrorIs(t, read(b.by, id.QRCode{}), qrcode.ErrNotFound, name)
	}
	_, err := b.QRCodes.Default(t.Context(), stranger, b.Shop)
	require.ErrorIs(t, err, miniprogram.ErrNotFound)
	_, err = b.QRCodes.Default(t.Context(), b.As(rbac.Developer), b.Shop)
	require.ErrorIs(t, err, rbac.ErrDenied)
}

// TestDefaultCode: a mini program has one from its creation on; it opens what
// testers get, and can be deleted and made again (Q1).
func TestDefaultCode(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := b.defaultCode()
	want, err := qrcode.HTTPS("https://wallet.example/open").Link(qrcode.Target{MiniProgram: b.Shop, Trial: true})
	require.NoError(t, err)
	normal, err := qrcode.HTTPS("https://wallet.example/open").Link(qrcode.Target{MiniProgram: b.Shop})
	require.NoError(t, err)
	require.Equal(t, want, c.Link)
	require.NotEqual(t, normal, c.Link)
	require.Equal(t, qrcode.DefaultName, c.Name)
	require.True(t, c.Default)
	require.True(t, c.Working)
	require.Equal(t, superapptest.Account(rbac.DeveloperAdmin), c.Creator)
	require.Empty(t, b.events(c.ID), "the creation's event is its event")
	require.Equal(t, []id.QRCode{c.ID}, b.list(false))

	gone, err := b.QRCodes.Delete(t.Context(), b.by, c.ID)
	require.NoError(t, err)
	require.False(t, gone.Working)
	require.Equal(t, gone, b.defaultCode())
	require.Empty(t, b.list(false))
	require.Equal(t, []id.QRCode{c.ID}, b.list(true))
	back, err := b.QRCodes.Restore(t.Context(), b.by, c.ID)
	require.NoError(t, err)
	require.True(t, back.Working)
	require.Equal(t, c.Link, back.Link)
	require.Equal(t, []id.QRCode{c.ID}, b.list(false))

	_, err = b.QRCodes.Default(t.Context(), superapptest.System, noShop)
	require.ErrorIs(t, err, miniprogram.ErrNotFound)
}

// TestListCursors: a cursor of the list of deleted codes is none of the other.
func TestListCursors(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.define(false)
	p, err := b.QRCodes.List(t.Context(), b.by, qrcode.Filter{MiniProgram: b.Shop}, page.Request{Size: 1})
	require.NoError(t, err)
	require.NotEmpty(t, p.Next)
	_, err = b.QRCodes.List(t.Context(), b.by, qrcode.Filter{MiniProgram: b.Shop, Deleted: true}, page.Request{After: p.Next})
	require.ErrorIs(t, err, page.ErrCursor)
}

// TestRetarget: the history tells every target, the latest first.
func TestRetarget(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	code := b.define(true)
	first := qrcode.Retarget{Revision: 1, Page: code.Page, Params: code.Params, By: superapptest.Account(rbac.DeveloperAdmin), At: b.Clock.Now()}
	require.Equal(t, []qrcode.Retarget{first}, b.history(code.ID))
	require.Equal(t, 1, code.Revision)

	b.Clock.Advance(time.Hour)
	params := param("table", "8")
	after, err := b.QRCodes.Retarget(t.Context(), superapptest.System, code.ID, "pages/menu", params)
	require.NoError(t, err)
	params[0].Value = "9" // the service keeps no hold of it
	second := qrcode.Retarget{Revision: 2, Page: "pages/menu", Params: param("table", "8"), At: b.Clock.Now()}
	require.Equal(t, []qrcode.Retarget{second, first}, b.history(code.ID))
	require.Equal(t, 2, after.Revision)
	require.Equal(t, param("table", "8"), after.Params)

	_, err = b.QRCodes.Retarget(t.Context(), b.by, code.ID, "", nil)
	require.NoError(t, err)
	_, err = b.QRCodes.Retarget(t.Context(), b.by, code.ID, "", []qrcode.Param{})
	require.NoError(t, err)
	require.Len(t, b.history(code.ID), 3, "no parameters twice are the same target")
	require.Empty(t, b.history(b.define(false).ID), "a direct code has none")

	t.Run("refuses what Define refuses", func(t *testing.T) {
		for field, in := range map[string]qrcode.Define{
			"page":          {Page: "https://evil.example/"},
			"params[0].key": {Params: param("", "x")},
			"params":        {Params: param("k", strings.Repeat("x", qrcode.MaxQuery))},
		} {
			_, err := b.QRCodes.Retarget(t.Context(), b.by, code.ID, in.Page, in.Params)
			invalid := &fault.InvalidError{}
			require.ErrorAs(t, err, &invalid)
			require.Equal(t, field, invalid.Problems[0].Field)
		}
		require.Len(t, b.history(code.ID), 3)
	})
	t.Run("refuses cursors that are none", func(t *testing.T) {
		for _, c := range []page.Cursor{"x", page.Encode("qrcode.history:"+code.ID.String(), []byte("short")), page.Encode("qrcode.history", make([]byte, 8))} {
			_, err := b.QRCodes.History(t.Context(), b.by, code.ID, page.Request{After: c})
			require.ErrorIs(t, err, page.ErrCursor)
		}
		_, err := b.QRCodes.History(t.Context(), b.by, code.ID, page.Request{Size: page.MaxSize + 1})
		requireProblem(t, err, "size", "not_allowed", "501")
	})
}

// TestRetargetLink: the link to the new target is held to its limit before anything
// is stored.
func TestRetargetLink(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	code := b.define(true)
	long := b.on(b.Store, &qrcode.Options{Scheme: fixed(strings.Repeat("x", qrcode.MaxLink+1))})
	_, err := long.Retarget(t.Context(), superapptest.System, code.ID, "pages/other", nil)
	requireProblem(t, err, "link", "too_long", fmt.Sprintf("at most %d bytes with the page and all parameters, got %d", qrcode.MaxLink, qrcode.MaxLink+1))
	require.Len(t, b.history(code.ID), 1)
}

// TestExpiry: the time is in the future, and the instant itself is the first at
// which the code does not work.
func TestExpiry(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	code := b.define(true)
	now := b.Clock.Now()
	for at, detail := range map[time.Time]string{
		now:                      "want a time after " + now.Format(time.RFC3339Nano),
		now.Add(-time.Second):    "got " + now.Add(-time.Second).Format(time.RFC3339Nano),
		now.Add(time.Nanosecond): "want a time after", // the same microsecond
		now.AddDate(9000, 0, 0):  "want a year up to 9999, got 11026",
	} {
		_, err := b.QRCodes.SetExpiry(t.Context(), b.by, code.ID, at)
		requireProblem(t, err, "expires_at", "not_allowed", detail)
	}
	at := now.Add(time.Hour).In(time.FixedZone("there", 3600))
	after, err := b.QRCodes.SetExpiry(t.Context(), b.by, code.ID, at.Add(time.Nanosecond))
	require.NoError(t, err)
	require.Equal(t, at.UTC(), after.ExpiresAt)
	require.True(t, after.Working)
	for step, working := range map[time.Duration]bool{time.Hour - time.Microsecond: true, time.Hour: false} {
		b.Clock.Set(now.Add(step))
		got, err := b.QRCodes.Get(t.Context(), b.by, code.ID)
		require.NoError(t, err)
		require.Equal(t, working, got.Working, step)
	}
	b.Clock.Set(now.Add(2 * time.Hour))
	after, err = b.QRCodes.SetExpiry(t.Context(), b.by, code.ID, time.Time{})
	require.NoError(t, err)
	require.True(t, after.Working)
	require.Zero(t, after.ExpiresAt)
}

func TestRenameRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, reason := range map[string]string{"": "required", " ": "required", strings.Repeat("x", 65): "too_long", "a\nb": "malformed"} {
		_, err := b.QRCodes.Rename(t.Context(), b.by, b.defaultCode().ID, name)
		requireProblem(t, err, "name", reason, "")
	}
}
