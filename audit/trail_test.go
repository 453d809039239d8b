package audit_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// A trail is the trail of one workspace in memory: enough of a store for this
// package, and open to tampering.
type trail struct {
	facts    rbac.Facts
	head     audit.Head
	events   []audit.Event
	readErr  error
	writeErr error
}

// newTrail is the empty trail of a verified tenant workspace, whose members
// all have the role.
func newTrail(role rbac.Role) *trail {
	w := id.Workspace{UUID: id.New()}
	return &trail{
		head: audit.Head{Workspace: w},
		facts: rbac.Facts{
			Found: true, Owner: w, Tenant: w, OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified,
			Home: rbac.Membership{Presence: rbac.Active, Role: role.Key()},
		},
	}
}

func (t *trail) Facts(_ context.Context, q rbac.Query) (rbac.Facts, error) {
	if q.Object != rbac.OnWorkspace(t.head.Workspace) {
		return rbac.Facts{}, nil
	}
	return t.facts, nil
}

func (t *trail) Grants(context.Context, id.Account) ([]rbac.Grant, error) {
	return nil, errors.New("no verb of this package reads grants")
}

func (t *trail) OwnRoles(context.Context, id.Workspace, []rbac.Role) ([]*rbac.Custom, error) {
	return nil, nil
}

func (t *trail) Head(_ context.Context, w id.Workspace) (audit.Head, error) {
	if w != t.head.Workspace {
		return audit.Head{}, audit.ErrWorkspace
	}
	return t.head, t.readErr
}

func (t *trail) Events(_ context.Context, q audit.Query) ([]audit.Event, error) {
	events := slices.DeleteFunc(slices.Clone(t.events), func(e audit.Event) bool {
		return e.Seq <= q.After || q.Until > 0 && e.Seq > q.Until || q.Object != (rbac.Object{}) && e.Object != q.Object ||
			q.Actor != "" && (e.Actor != q.Actor || e.System != q.System) || q.Verbs != nil && !slices.Contains(q.Verbs, e.Verb)
	})
	return events[:min(q.Limit, len(events))], t.readErr
}

func (t *trail) AppendEvent(_ context.Context, e audit.Event) error {
	if t.writeErr != nil {
		return t.writeErr
	}
	t.events = append(t.events, e)
	t.head.Seq, t.head.Hash, t.head.At = e.Seq, e.Hash, e.At
	return nil
}

func (t *trail) RedactEvent(_ context.Context, e audit.Event) error {
	i := slices.IndexFunc(t.events, func(o audit.Event) bool { return o.Seq == e.Seq })
	if t.writeErr != nil || i < 0 {
		return cmp.Or(t.writeErr, error(audit.ErrWorkspace))
	}
	o := &t.events[i]
	o.Actor, o.Personal, o.Salt, o.Erasure = e.Actor, e.Personal, e.Salt, e.Erasure
	return nil
}

func (t *trail) Denials(context.Context, audit.DenialQuery) ([]audit.Denial, error) {
	return nil, t.readErr
}

func (t *trail) PutDenial(context.Context, audit.Denial) error { return t.writeErr }

func (t *trail) DeleteDenials(context.Context, id.Workspace, time.Time) error { return t.writeErr }

func (t *trail) View(ctx context.Context, fn func(context.Context, audit.Reader) error) error {
	return fn(ctx, t)
}

func (t *trail) Update(ctx context.Context, _ unit.Scope, fn func(context.Context, audit.Tx) error) error {
	return fn(ctx, t)
}

func (t *trail) service() *audit.Service { return serviceOver(t) }

func serviceOver(s unit.Store[audit.Reader, audit.Tx]) *audit.Service {
	service, err := audit.New(s, &unit.Env{
		Matrix: rbac.BuiltIn(), Clock: time.Now, NewID: id.New, Log: slog.New(slog.DiscardHandler),
	}, nil)
	if err != nil {
		panic(err)
	}
	return service
}

// noon is when the first event of a test happens.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 123_000, time.UTC)

// A person is an object with personal data.
type person struct{ Role, Email string }

func (p person) Audit() (state, personal any) {
	return map[string]string{"role": p.Role}, map[string]string{"email": p.Email}
}

// fill appends n changes of a person's role, a second apart.
func (t *trail) fill(tb testing.TB, n int) {
	tb.Helper()
	who := rbac.OnMember(id.Member{UUID: id.New()})
	for i := range n {
		require.NoError(tb, audit.Append(tb.Context(), t, audit.Entry{
			Workspace: t.head.Workspace,
			Verb:      "member.role_set",
			Object:    who,
			Actor:     rbac.User("u-admin").WithRequest(fmt.Sprintf("req-%d", i)).OnBehalfOf("u-owner"),
			At:        noon.Add(time.Duration(i) * time.Second),
			Reason:    "she asked for it",
			Before:    person{"operator", "dee@example.com"},
			After:     person{"developer", "dee@example.com"},
		}))
	}
}

// admin asks for what the tests read.
var admin = rbac.User("u-admin")
