package qrcode_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// TestResolve: a short code leads to its target, as it is at this moment.
func TestResolve(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	code := b.define(true)
	require.Equal(t, base+code.Short, code.Link)
	require.NotContains(t, code.Link, b.Shop.String(), "the link tells nothing of the target")
	target := func(path string, params []qrcode.Param) qrcode.Resolved {
		to := qrcode.Target{MiniProgram: b.Shop, Page: path, Params: params}
		link, err := wallet.QRCodes.Scheme.Link(to)
		require.NoError(t, err)
		return qrcode.Resolved{Code: code.ID, Target: to, Link: link}
	}
	for _, resolve := range []func(context.Context, string) (qrcode.Resolved, error){b.QRCodes.Resolve, b.QRCodes.Peek} {
		got, err := resolve(t.Context(), code.Short)
		require.NoError(t, err)
		require.Equal(t, target(code.Page, code.Params), got)
		got, err = resolve(t.Context(), strings.ToLower(code.Short))
		require.NoError(t, err)
		require.Equal(t, code.ID, got.Code)
	}
	_, err := b.QRCodes.Retarget(t.Context(), b.by, code.ID, "pages/new", nil)
	require.NoError(t, err)
	got, err := b.QRCodes.Resolve(t.Context(), code.Short)
	require.NoError(t, err)
	require.Equal(t, target("pages/new", nil), got)
}

// TestResolveStates: what a short code answers in every state, and that it works
// again when the state is undone.
func TestResolveStates(t *testing.T) {
	t.Parallel()
	// set brings a workspace to a status.
	set := func(of func(*bench) id.Workspace, s workspace.Status) func(*bench, qrcode.Code) error {
		return func(b *bench, _ qrcode.Code) error {
			return b.Workspaces.SetStatus(b.t.Context(), superapptest.System, of(b), s, "fraud")
		}
	}
	merchant := func(b *bench) id.Workspace { return b.Merchant }
	tenant := func(b *bench) id.Workspace { return b.Tenant }
	do := func(name string) func(*bench, qrcode.Code) error {
		return func(b *bench, c qrcode.Code) error {
			for _, a := range acts {
				if a.name == name {
					_, err := a.do(b.t.Context(), b.QRCodes, b.by, c.ID)
					return err
				}
			}
			return errors.New("no act " + name)
		}
	}
	tests := []struct {
		name string
		do   func(*bench, qrcode.Code) error
		want error
		// undo makes it resolve again; nil if nothing does.
		undo func(*bench, qrcode.Code) error
	}{
		{"revoked", do("revoke"), qrcode.ErrRevoked, do("reinstate")},
		{"deleted", do("delete"), qrcode.ErrGone, do("restore")},
		{"expired", func(b *bench, c qrcode.Code) error {
			err := do("set expiry")(b, c)
			b.Clock.Set(superapptest.Start.Add(time.Hour))
			return err
		}, qrcode.ErrExpired, func(b *bench, c qrcode.Code) error {
			_, err := b.QRCodes.SetExpiry(b.t.Context(), b.by, c.ID, time.Time{})
			return err
		}},
		{"of a removed mini program", func(b *bench, _ qrcode.Code) error { b.archive(); return nil }, qrcode.ErrGone, nil},
		{"of a removed workspace", func(b *bench, _ qrcode.Code) error {
			return b.RemoveDeveloper(b.t.Context(), b.As(rbac.WorkspaceAdmin), b.Merchant, "closed")
		}, qrcode.ErrGone, nil},
		{"of a disabled workspace", set(merchant, workspace.Disabled), qrcode.ErrOffline, set(merchant, workspace.Verified)},
		{"of a disabled tenant", set(tenant, workspace.Disabled), qrcode.ErrOffline, set(tenant, workspace.Verified)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			code := b.define(true)
			require.NoError(t, tt.do(b, code))
			for _, resolve := range []func(context.Context, string) (qrcode.Resolved, error){b.QRCodes.Resolve, b.QRCodes.Peek} {
				got, err := resolve(t.Context(), code.Short)
				require.ErrorIs(t, err, tt.want)
				require.Zero(t, got)
			}
			if tt.undo != nil {
				require.NoError(t, tt.undo(b, code))
				_, err := b.QRCodes.Resolve(t.Context(), code.Short)
				require.NoError(t, err)
			}
		})
	}
}

// TestResolveNothing: what is no short id is answered like one that nobody has, without
// a question to the store.
func TestResolveNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.define(true)
	b.define(false)
	var calls []string
	codes := b.over(func(c storagetest.Call) error { calls = append(calls, c.Method); return nil })
	_, want := codes.Resolve(t.Context(), "000000000000")
	require.ErrorIs(t, want, qrcode.ErrShortNotFound)
	require.Equal(t, []string{"View", "ShortCode"}, calls, "one read")
	for _, short := range []string{"", "x", "00000000000", "0000000000000", "00000000000U", "------------", "00000000000\n", "000000 00000",
		"００００", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "' OR 1=1 -- ", strings.Repeat("0", 1<<20)} {
		calls = nil
		_, err := codes.Resolve(t.Context(), short)
		require.EqualError(t, err, want.Error(), "%.20q", short)
		require.Empty(t, calls, "%.20q", short)
	}
}

// TestResolveErrors: an error of the store stays what it is, and a scheme that makes
// no link is told.
func TestResolveErrors(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	code := b.define(true)
	_, err := b.over(func(storagetest.Call) error { return storagetest.ErrInjected }).Resolve(t.Context(), code.Short)
	require.ErrorIs(t, err, storagetest.ErrInjected)
	require.NotErrorIs(t, err, qrcode.ErrNoLink)
	_, err = b.on(b.Store, &qrcode.Options{Scheme: fixed("https://evil.example/\r\nSet-Cookie: a=b")}).Resolve(t.Context(), code.Short)
	require.ErrorIs(t, err, qrcode.ErrNoLink)
	requireProblem(t, err, "link", "malformed", "printable ASCII")
}

// TestShortWithoutBase: a service that does not know where short links begin reads
// and resolves short codes, and draws none.
func TestShortWithoutBase(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	code := b.define(true)
	codes := b.on(b.Store, nil)
	got, err := codes.Get(t.Context(), b.by, code.ID)
	require.NoError(t, err)
	require.Empty(t, got.Link)
	_, err = got.Image(nil)
	requireProblem(t, err, "link", "required", "")
	_, err = codes.Resolve(t.Context(), code.Short)
	require.NoError(t, err)
	in := menu
	in.MiniProgram, in.Short = b.Shop, true
	_, err = codes.Define(t.Context(), b.by, in)
	requireProblem(t, err, "short", "not_allowed", "Options.Short")
}

// TestResolveRaces: once Revoke has answered, nobody is led anywhere; what is
// resolved meanwhile is one of the targets, whole.
func TestResolveRaces(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	code := b.define(true)
	pages := []string{"pages/a", "pages/b"}
	_, err := b.QRCodes.Retarget(t.Context(), b.by, code.ID, pages[0], param("page", pages[0]))
	require.NoError(t, err)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				got, err := b.QRCodes.Resolve(t.Context(), code.Short)
				if err != nil && !errors.Is(err, qrcode.ErrRevoked) {
					t.Errorf("err = %v", err)
				}
				if err == nil && got.Target.Params[0].Value != got.Target.Page {
					t.Errorf("a mixture: %v", got.Target)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range 50 {
		to := pages[(i+1)%2]
		_, err := b.QRCodes.Retarget(t.Context(), b.by, code.ID, to, param("page", to))
		require.NoError(t, err)
		got, err := b.QRCodes.Resolve(t.Context(), code.Short)
		require.NoError(t, err)
		require.Equal(t, to, got.Target.Page, "the new target at once")
		_, err = b.QRCodes.Revoke(t.Context(), b.by, code.ID)
		require.NoError(t, err)
		_, err = b.QRCodes.Resolve(t.Context(), code.Short)
		require.ErrorIs(t, err, qrcode.ErrRevoked, "not any more")
		_, err = b.QRCodes.Reinstate(t.Context(), b.by, code.ID)
		require.NoError(t, err)
	}
	close(done)
	readers.Wait()
}
