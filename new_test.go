package superapp_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/superapptest"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	p, err := superapp.New(nil, nil)
	require.ErrorIs(t, err, superapp.ErrNoStore)
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Nil(t, p)

	for field, o := range map[string]superapp.Options{
		"removal_period":         {RemovalPeriod: -1},
		"members.validity":       {Members: &member.Options{Validity: time.Minute}},
		"members.max_batch":      {Members: &member.Options{MaxBatch: 101}},
		"members.recipient":      {Members: &member.Options{Recipient: 9}},
		"mini_programs.name_min": {MiniPrograms: &miniprogram.Options{Limits: miniprogram.Limits{NameMin: -1}}},
		"mini_programs.name_max": {MiniPrograms: &miniprogram.Options{Limits: miniprogram.Limits{NameMax: 1000}}},
	} {
		p, err := superapp.New(memory.New(), &o)
		var invalid *fault.InvalidError
		require.ErrorAs(t, err, &invalid, "%s", field)
		require.Equal(t, field, invalid.Problems[0].Field)
		require.Nil(t, p)
	}
}

// TestNewDefaults: nil options, empty ones and those of every domain left empty
// are the same.
func TestNewDefaults(t *testing.T) {
	t.Parallel()
	for _, o := range []*superapp.Options{nil, {}, {Members: &member.Options{}, MiniPrograms: &miniprogram.Options{}}} {
		p, err := superapp.New(memory.New(), o)
		require.NoError(t, err)
		require.Same(t, rbac.BuiltIn(), p.Access.Matrix())
		before := time.Now().Truncate(time.Microsecond)
		opened, _, err := p.OpenTenant(t.Context(), superapptest.System, secondWallet(member.First{Email: "bo@people.example", Name: "Bo"}))
		require.NoError(t, err)
		created := opened.Workspace.CreatedAt
		require.False(t, created.Before(before) || created.After(time.Now()), "by the wall clock")
		require.Equal(t, time.UTC, created.Location())
		require.Equal(t, byte(7), opened.Workspace.ID.UUID[6]>>4, "ids of version 7")
		require.Equal(t, opened.Admin.Invitation.SentAt.Add(3*24*time.Hour), opened.Admin.Invitation.ExpiresAt)
	}
}

// TestNewClockAndIDs: time and ids come from the options; times are stored in
// UTC, cut to microseconds (S5).
func TestNewClockAndIDs(t *testing.T) {
	t.Parallel()
	for name, open := range testkit.Stores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Date(2026, time.March, 1, 8, 0, 0, 123456789, time.FixedZone("somewhere", 3600))
			var made []id.UUID
			p, err := superapp.New(open(t), &superapp.Options{
				Clock: func() time.Time { return now },
				NewID: func() id.UUID {
					made = append(made, id.UUID{0: byte(len(made) + 1)})
					return made[len(made)-1]
				},
			})
			require.NoError(t, err)
			opened, _, err := p.OpenTenant(t.Context(), superapptest.System, secondWallet(member.First{Account: "acc-bo", Name: "Bo"}))
			require.NoError(t, err)
			require.Contains(t, made, opened.Workspace.ID.UUID)
			require.Contains(t, made, opened.Admin.ID.UUID)
			want := time.Date(2026, time.March, 1, 7, 0, 0, 123456000, time.UTC)
			d, err := p.Workspaces.Get(t.Context(), rbac.User("acc-bo"), opened.Workspace.ID)
			require.NoError(t, err)
			require.Equal(t, want, d.CreatedAt)
			require.Equal(t, opened.Workspace, d.Workspace)
			admins, err := p.Workspaces.Admins(t.Context(), rbac.User("acc-bo"), opened.Workspace.ID, page.Request{})
			require.NoError(t, err)
			require.Equal(t, want, admins.Items[0].JoinedAt)
		})
	}
}

// TestNewLog: denials are logged at level debug, nothing else, and nobody's
// name.
func TestNewLog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	k := superapptest.New(t, &superapptest.Options{NoRerun: true, Platform: superapp.Options{Logger: log}})
	require.Empty(t, out.String())
	_, err := k.MiniPrograms.Get(t.Context(), k.As(rbac.WorkspaceDeveloper).WithRequest("req-7"), k.Shop)
	require.ErrorIs(t, err, rbac.ErrDenied)
	require.Contains(t, out.String(), `"level":"DEBUG","msg":"denied","permission":"miniprogram.view","reason":"out_of_scope","request":"req-7"`)
	require.NotContains(t, out.String(), "acc-")
	require.Equal(t, 1, bytes.Count(out.Bytes(), []byte("\n")))
}

// A scheme of the host that fails now and then is a verb's error, never a panic
// of With or Update.
func TestSchemeThatFailsLater(t *testing.T) {
	t.Parallel()
	scheme := &moody{}
	k := superapptest.New(t, &superapptest.Options{Platform: superapp.Options{QRCodes: &qrcode.Options{Scheme: scheme}}})
	scheme.down = true
	err := k.Update(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
		_, err := p.QRCodes.Define(ctx, k.As(rbac.DeveloperAdmin), qrcode.Define{MiniProgram: k.Shop, Name: "Table 1"})
		return err
	})
	require.ErrorIs(t, err, errMoody)
}

type moody struct{ down bool }

var errMoody = errors.New("not now")

func (m *moody) Link(qrcode.Target) (string, error) {
	if m.down {
		return "", errMoody
	}
	return "moody://open", nil
}

// Without a store there is a typed error, not a crash.
func TestNoStore(t *testing.T) {
	t.Parallel()
	for name, store := range map[string]storage.Store{"none": nil, "a nil pointer": (*memory.Store)(nil)} {
		_, err := superapp.New(store, nil)
		require.ErrorIs(t, err, superapp.ErrNoStore, name)

		p := superapptest.New(t, nil).With(store)
		ctx := t.Context()
		require.ErrorIs(t, p.Access.Check(ctx, rbac.User("dee"), rbac.InviteMember, rbac.OnWorkspace(id.Workspace{})), superapp.ErrNoStore, name)
		_, err = p.Members.Mine(ctx, rbac.User("dee"), page.Request{})
		require.ErrorIs(t, err, superapp.ErrNoStore, name)
		require.ErrorIs(t, p.Update(ctx, func(context.Context, *superapp.Platform) error { return nil }), superapp.ErrNoStore, name)
	}
}
