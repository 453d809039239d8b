package qrcode_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/storage/storagetest"
)

// tables asks for short codes of several tables.
func tables(of id.MiniProgram, n int) []qrcode.Define {
	all := make([]qrcode.Define, n)
	for i := range all {
		all[i] = qrcode.Define{
			MiniProgram: of, Name: fmt.Sprintf("Table %d", i+1), Page: "pages/menu", Short: true,
			Params: []qrcode.Param{{Key: "table", Value: fmt.Sprint(i + 1)}},
		}
	}
	return all
}

func TestDefineAll(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	codes, err := b.QRCodes.DefineAll(t.Context(), b.by, tables(b.Shop, qrcode.MaxDefined))
	require.NoError(t, err)
	require.Len(t, codes, qrcode.MaxDefined)
	for i, c := range codes {
		require.Equal(t, fmt.Sprintf("Table %d", i+1), c.Name)
		require.True(t, strings.HasSuffix(c.Link, "/"+c.Short), c.Link)
		require.True(t, c.Working)
	}
	resolved, err := b.QRCodes.Resolve(t.Context(), codes[6].Short)
	require.NoError(t, err)
	require.Equal(t, "table=7", resolved.Target.Query())
	stored, err := page.Collect(page.All(t.Context(), b.QRCodes.List, b.by, qrcode.Filter{MiniProgram: b.Shop}))
	require.NoError(t, err)
	require.Equal(t, codes, stored[len(stored)-len(codes):])
}

// TestDefineAllIsAllOrNone, also where the store fails at the last of them.
func TestDefineAllIsAllOrNone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	none := func() {
		t.Helper()
		stored, err := page.Collect(page.All(t.Context(), b.QRCodes.List, b.by, qrcode.Filter{MiniProgram: b.Shop}))
		require.NoError(t, err)
		require.Len(t, stored, 1, "but for the default one")
	}
	all := tables(b.Shop, 4)
	all[1].Name, all[2].MiniProgram, all[3].Page = "", id.MiniProgram{UUID: id.New()}, "/menu"
	_, err := b.QRCodes.DefineAll(t.Context(), b.by, all)
	requireProblem(t, err, "codes[1].name", "required", "")
	requireProblem(t, err, "codes[2].mini_program", "not_allowed", "the same mini program")
	requireProblem(t, err, "codes[3].page", "not_allowed", "")
	none()

	inserted := 0
	failing := b.over(func(c storagetest.Call) error {
		if c.Method == "InsertQRCode" {
			if inserted++; inserted == 4 {
				return storagetest.ErrInjected
			}
		}
		return nil
	})
	_, err = failing.DefineAll(t.Context(), b.by, tables(b.Shop, 4)[:4])
	require.Error(t, err)
	none()

	for _, n := range []int{0, qrcode.MaxDefined + 1} {
		_, err = b.QRCodes.DefineAll(t.Context(), b.by, tables(b.Shop, n))
		requireProblem(t, err, "codes", "not_allowed", fmt.Sprintf("1 to 500 codes, got %d", n))
	}
	none()
}

func TestDefineWithAnExpiry(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	at := b.Clock.Now().Add(time.Hour)
	in := qrcode.Define{MiniProgram: b.Shop, Name: "Today's menu", Short: true, ExpiresAt: at.Add(time.Nanosecond)}
	c, err := b.QRCodes.Define(t.Context(), b.by, in)
	require.NoError(t, err)
	require.True(t, at.Equal(c.ExpiresAt), "to the microsecond")
	b.Clock.Advance(time.Hour)
	_, err = b.QRCodes.Resolve(t.Context(), c.Short)
	require.ErrorIs(t, err, qrcode.ErrExpired)
	again, err := b.QRCodes.SetExpiry(t.Context(), b.by, c.ID, at)
	require.NoError(t, err, "the same a second time, past as it is")
	require.Equal(t, c.Definition, again.Definition)

	for name, wrong := range map[string]qrcode.Define{
		"want a time after":          {ExpiresAt: b.Clock.Now(), Short: true},
		"a direct code cannot":       {ExpiresAt: b.Clock.Now().Add(time.Hour)},
		"want a year up to 9999":     {ExpiresAt: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), Short: true},
		"use Revoke to end it at on": {ExpiresAt: time.Unix(0, 0), Short: true},
	} {
		wrong.MiniProgram, wrong.Name = b.Shop, "x"
		_, err := b.QRCodes.Define(t.Context(), b.by, wrong)
		requireProblem(t, err, "expires_at", "not_allowed", name)
	}
}

// refusing is a scheme that makes no link of some targets.
type refusing struct{ err error }

func (s refusing) Link(t qrcode.Target) (string, error) {
	if t.Trial || t.Page == "pages/old" {
		return "", s.err
	}
	return "https://w.example/" + t.Page, nil
}

// TestCodesWithoutLink: a code of which the scheme makes no link any more is listed,
// changed and deleted as any other, and drawing it tells why there is nothing to draw.
func TestCodesWithoutLink(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	old, err := b.QRCodes.Define(t.Context(), b.by, qrcode.Define{MiniProgram: b.Shop, Name: "Old", Page: "pages/old"})
	require.NoError(t, err)
	why := fault.Invalid("page", "unknown", "no such page in the manifest")
	codes := b.on(b.Store, &qrcode.Options{Scheme: refusing{why}})

	all, err := codes.List(t.Context(), b.by, qrcode.Filter{MiniProgram: b.Shop}, page.Request{})
	require.NoError(t, err)
	require.Len(t, all.Items, 2)
	for _, c := range all.Items {
		require.Empty(t, c.Link)
		for _, f := range formats {
			require.ErrorIs(t, f.write(c, new(strings.Builder), nil), why)
		}
		err := qrcode.WriteSheet(t.Context(), new(strings.Builder), one(c), nil)
		requireProblem(t, err, "codes[0].page", "unknown", "manifest")
	}
	_, err = codes.Default(t.Context(), b.by, b.Shop)
	require.NoError(t, err)
	renamed, err := codes.Rename(t.Context(), b.by, old.ID, "Old menu")
	require.NoError(t, err, "it is stored")
	require.Equal(t, "Old menu", renamed.Name)
	deleted, err := codes.Delete(t.Context(), b.by, old.ID)
	require.NoError(t, err)
	require.False(t, deleted.Working)
	_, err = codes.Define(t.Context(), b.by, qrcode.Define{MiniProgram: b.Shop, Name: "Old", Page: "pages/old"})
	require.ErrorIs(t, err, why, "what is new must have a link")
}

func one(c qrcode.Code) func(func(qrcode.Code, error) bool) {
	return func(yield func(qrcode.Code, error) bool) { yield(c, nil) }
}

// TestPrintable leaves out the code for testing and those that do not work.
func TestPrintable(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	codes, err := b.QRCodes.DefineAll(t.Context(), b.by, tables(b.Shop, 4))
	require.NoError(t, err)
	_, err = b.QRCodes.Revoke(t.Context(), b.by, codes[2].ID)
	require.NoError(t, err)
	list := page.All(t.Context(), b.QRCodes.List, b.by, qrcode.Filter{MiniProgram: b.Shop})
	left, err := page.Collect(qrcode.Printable(list))
	require.NoError(t, err)
	require.Equal(t, []qrcode.Code{codes[0], codes[1], codes[3]}, left)
	_, err = page.Collect(qrcode.Printable(page.All(t.Context(), b.QRCodes.List, b.by, qrcode.Filter{})))
	require.Error(t, err, "errors pass")
}

func TestLinksRefused(t *testing.T) {
	t.Parallel()
	menu := qrcode.Target{MiniProgram: id.MiniProgram{UUID: id.New()}, Page: "pages/menu"}
	for field, links := range map[string]func(func(qrcode.Code, error) bool){
		"codes[0].mini_program": qrcode.Links(qrcode.AlipayStyle(""), qrcode.Target{Page: "pages/menu"}, qrcode.Numbered("Table", "table", 1, 1)),
		"codes[0].name":         qrcode.Links(qrcode.AlipayStyle(""), menu, qrcode.Numbered(strings.Repeat("x", 63), "table", 1, 1)),
	} {
		for c, err := range links {
			require.ErrorIs(t, err, fault.ErrInput, field)
			require.ErrorContains(t, err, field)
			require.Empty(t, c.Link)
			require.False(t, c.Working)
		}
	}
	n := 0
	for range qrcode.Numbered("Table", "table", math.MaxInt-1, math.MaxInt) {
		n++
	}
	require.Equal(t, 2, n)
}
