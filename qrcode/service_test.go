package qrcode_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

var menu = qrcode.Define{
	MiniProgram: shop, Name: " Table 7 ", Page: "pages/menu",
	Params: []qrcode.Param{{Key: "table", Value: "7"}, {Key: "wish", Value: "Käse & Brot"}},
}

func TestDefine(t *testing.T) {
	t.Parallel()

	t.Run("stores the code and one event", func(t *testing.T) {
		t.Parallel()
		service, store := newService(nil)
		code, err := service.Define(t.Context(), admin.WithRequest("r-1"), menu)
		require.NoError(t, err)
		want := qrcode.Definition{
			ID: code.ID, MiniProgram: shop, Workspace: merchant, Tenant: tenant,
			Name: "Table 7", Page: "pages/menu", Params: menu.Params, Revision: 1, Creator: "ada", CreatedAt: noon, UpdatedAt: noon,
		}
		require.Equal(t, []qrcode.Definition{want}, store.codes)
		require.Equal(t, want, code.Definition)
		require.Equal(t, unit.Scope{Query: rbac.Query{Account: "ada", Object: rbac.OnMiniProgram(shop)}}, store.scope)
		require.Equal(t, "superapp://platformapi/startapp?appId="+shop.String()+
			"&page=pages%2Fmenu&query=table%3D7%26wish%3DK%25C3%25A4se%2520%2526%2520Brot", code.Link)

		require.Len(t, store.events, 1)
		e := store.events[0]
		require.Equal(t, qrcode.EventDefined, e.Verb)
		require.Equal(t, merchant, e.Workspace)
		require.Equal(t, rbac.OnQRCode(code.ID), e.Object)
		require.Equal(t, "ada", e.Actor)
		require.Equal(t, noon, e.At)
		data, err := e.DecodeData()
		require.NoError(t, err)
		require.Equal(t, "r-1", data.Request)
		require.Nil(t, data.Before)
		require.JSONEq(t, `{"mini_program":"`+shop.String()+`","revision":1}`, string(data.After))
		personal, err := e.DecodePersonal()
		require.NoError(t, err)
		require.JSONEq(t, `{"name":"Table 7","page":"pages/menu",
			"params":[{"key":"table","value":"7"},{"key":"wish","value":"Käse & Brot"}],"creator":"ada"}`, string(personal.After))
	})

	t.Run("a second time makes another code", func(t *testing.T) {
		t.Parallel()
		service, store := newService(nil)
		one, err := service.Define(t.Context(), admin, menu)
		require.NoError(t, err)
		two, err := service.Define(t.Context(), admin, menu)
		require.NoError(t, err)
		require.NotEqual(t, one.ID, two.ID)
		require.Equal(t, one.Link, two.Link)
		require.Len(t, store.codes, 2)
		require.Len(t, store.events, 2)
	})

	t.Run("by the platform operator has no creator", func(t *testing.T) {
		t.Parallel()
		service, _ := newService(nil)
		code, err := service.Define(t.Context(), rbac.System("import"), menu)
		require.NoError(t, err)
		require.Empty(t, code.Creator)
	})

	t.Run("keeps no hold of the caller's params", func(t *testing.T) {
		t.Parallel()
		service, store := newService(nil)
		in := menu
		in.Params = []qrcode.Param{{Key: "table", Value: "7"}}
		_, err := service.Define(t.Context(), admin, in)
		require.NoError(t, err)
		in.Params[0].Value = "8"
		require.Equal(t, "7", store.codes[0].Params[0].Value)
	})
}

func TestNewRefusesSchemeThatMakesNoLink(t *testing.T) {
	t.Parallel()
	_, err := qrcode.New(nil, nil, &qrcode.Options{Scheme: qrcode.HTTPS("wallet.example")})
	requireProblem(t, err, "scheme", "malformed", "https://wallet.example/open")
}

func TestDefineRefused(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk full")
	elsewhere := menu
	elsewhere.MiniProgram = id.MiniProgram{UUID: id.UUID{15: 99}}
	tests := []struct {
		name   string
		actor  rbac.Actor
		in     qrcode.Define
		status miniprogram.Status
		broken error
		want   error
	}{
		{name: "who holds no qrcode.manage", actor: operator, in: menu, want: rbac.ErrDenied},
		{name: "who may not know of the mini program", actor: stranger, in: menu, want: miniprogram.ErrNotFound},
		{name: "no such mini program", actor: admin, in: elsewhere, want: miniprogram.ErrNotFound},
		{name: "no such mini program for the operator", actor: rbac.System("job"), in: elsewhere, want: miniprogram.ErrNotFound},
		{name: "archived", actor: admin, in: menu, status: miniprogram.Archived, want: miniprogram.ErrArchived},
		{name: "an event that cannot be written", actor: admin, in: menu, broken: broken, want: broken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			service, store := newService(nil)
			store.status, store.broken = tt.status, tt.broken
			code, err := service.Define(t.Context(), tt.actor, tt.in)
			require.ErrorIs(t, err, tt.want)
			require.ErrorContains(t, err, "qrcode: define: ")
			require.Zero(t, code)
			require.Empty(t, store.codes)
			require.Empty(t, store.events)
		})
	}
}

func TestGet(t *testing.T) {
	t.Parallel()
	service, _ := newService(&qrcode.Options{Scheme: qrcode.HTTPS("https://wallet.example/open")})
	code, err := service.Define(t.Context(), admin, menu)
	require.NoError(t, err)

	t.Run("returns what was defined", func(t *testing.T) {
		t.Parallel()
		got, err := service.Get(t.Context(), admin, code.ID)
		require.NoError(t, err)
		require.Equal(t, code, got)
		require.True(t, strings.HasPrefix(got.Link, "https://wallet.example/open?appId="), got.Link)
	})
	t.Run("refuses who holds no qrcode.view", func(t *testing.T) {
		t.Parallel()
		_, err := service.Get(t.Context(), operator, code.ID)
		require.ErrorIs(t, err, rbac.ErrDenied)
	})
	t.Run("hides it from strangers as if it were not there", func(t *testing.T) {
		t.Parallel()
		_, hidden := service.Get(t.Context(), stranger, code.ID)
		require.ErrorIs(t, hidden, qrcode.ErrNotFound)
		_, absent := service.Get(t.Context(), admin, id.QRCode{})
		require.ErrorIs(t, absent, qrcode.ErrNotFound)
		require.EqualError(t, absent, hidden.Error())
	})
}

func TestList(t *testing.T) {
	t.Parallel()
	service, store := newService(nil)
	var want []qrcode.Code
	for range 5 {
		code, err := service.Define(t.Context(), admin, menu)
		require.NoError(t, err)
		want = append(want, code)
	}

	t.Run("pages through all of them", func(t *testing.T) {
		var got []qrcode.Code
		var pages int
		for req := (page.Request{Size: 2}); ; pages++ {
			p, err := service.List(t.Context(), admin, qrcode.Filter{MiniProgram: shop}, req)
			require.NoError(t, err)
			got = append(got, p.Items...)
			if req.After = p.Next; req.After == "" {
				break
			}
		}
		require.Equal(t, want, got)
		require.Equal(t, 2, pages)
	})
	t.Run("refuses who holds no qrcode.view", func(t *testing.T) {
		_, err := service.List(t.Context(), operator, qrcode.Filter{MiniProgram: shop}, page.Request{})
		require.ErrorIs(t, err, rbac.ErrDenied)
	})
	t.Run("hides the mini program from strangers", func(t *testing.T) {
		_, err := service.List(t.Context(), stranger, qrcode.Filter{MiniProgram: shop}, page.Request{})
		require.ErrorIs(t, err, miniprogram.ErrNotFound)
	})
	t.Run("refuses a size and cursors that are none", func(t *testing.T) {
		_, err := service.List(t.Context(), admin, qrcode.Filter{MiniProgram: shop}, page.Request{Size: page.MaxSize + 1})
		requireProblem(t, err, "size", "not_allowed", "501")
		for _, c := range []page.Cursor{"x", page.Encode("audit", shop.Bytes()), page.Encode("qrcode", []byte("short"))} {
			_, err = service.List(t.Context(), admin, qrcode.Filter{MiniProgram: shop}, page.Request{After: c})
			require.ErrorIs(t, err, page.ErrCursor)
		}
	})
	t.Run("hands on an error of the store", func(t *testing.T) {
		store.broken = errors.New("disk full")
		p, err := service.List(t.Context(), admin, qrcode.Filter{MiniProgram: shop}, page.Request{})
		require.ErrorIs(t, err, store.broken)
		require.Zero(t, p)
	})
}

// requireProblem asserts that err is about the field, for the reason, with text
// in its detail.
func requireProblem(t *testing.T, err error, field, reason, text string) {
	t.Helper()
	require.ErrorIs(t, err, fault.ErrInvalid)
	invalid, ok := errors.AsType[*fault.InvalidError](err)
	require.True(t, ok, "%T", err)
	for _, p := range invalid.Problems {
		if p.Field == field && p.Reason == reason {
			require.Contains(t, p.Detail, text)
			return
		}
	}
	require.Failf(t, "problem not found", "no %s of %s in %q", reason, field, invalid.Problems)
}
