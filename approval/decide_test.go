package approval_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

var (
	yes = approval.Decision{Approve: true}
	no  = approval.Decision{Reason: "the logo is blurred"}
)

// TestDecide: a decision is stored with who, when and why, takes effect, and is
// reported.
func TestDecide(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		decision approval.Decision
		status   approval.Status
		verb     audit.Verb
		reason   string
	}{
		{"approve", yes, approval.Approved, approval.EventApproved, ""},
		{"approve, and say why", approval.Decision{Approve: true, Reason: " well  done "}, approval.Approved, approval.EventApproved, "well  done"},
		{"reject", no, approval.Rejected, approval.EventRejected, "the logo is blurred"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			r := b.submit(b.As(rbac.DeveloperAdmin), approval.Removal, b.Merchant)
			b.Clock.Advance(time.Hour)
			got, err := b.Decide(t.Context(), b.As(rbac.WorkspaceReviewer), r.ID, tt.decision)
			require.NoError(t, err)
			want := r
			want.Status, want.Decider, want.Answer, want.EndedAt = tt.status, b.As(rbac.WorkspaceReviewer).Account(), tt.reason, b.Clock.Now()
			require.Equal(t, want, got)
			require.Equal(t, want, b.stored(r))
			require.Equal(t, want, b.ended, "the effect is told")

			events := b.events(r)
			require.Len(t, events, 2)
			require.Equal(t, []audit.Verb{approval.EventSubmitted, tt.verb}, []audit.Verb{events[0].Verb, events[1].Verb})
			require.JSONEq(t, `{"kind":"removal","status":"`+string(tt.status)+`"}`, string(after(t, events[1])))
			personal, err := events[1].DecodePersonal()
			require.NoError(t, err)
			require.Equal(t, tt.reason, personal.Reason)
		})
	}
}

func after(t *testing.T, e audit.Event) json.RawMessage {
	t.Helper()
	data, err := e.DecodeData()
	require.NoError(t, err)
	return data.After
}

// TestDecideReason: rejecting wants a reason, and none is longer than the limit.
func TestDecideReason(t *testing.T) {
	t.Parallel()
	full := strings.Repeat("字", approval.MaxReason)
	for _, tt := range []struct {
		name, reason string
		approve      bool
		problem      string
	}{
		{"rejecting without", "", false, "required"},
		{"rejecting with white space", " \u200b", false, "required"},
		{"rejecting at the limit", full, false, ""},
		{"rejecting above it", full + "x", false, "too_long"},
		{"approving at the limit", full, true, ""},
		{"approving above it", full + "x", true, "too_long"},
		{"approving with two lines", "a\nb", true, "malformed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			r := b.submit(b.As(rbac.DeveloperAdmin), approval.Removal, b.Merchant)
			_, err := b.Decide(t.Context(), system, r.ID, approval.Decision{Approve: tt.approve, Reason: tt.reason})
			if tt.problem == "" {
				require.NoError(t, err)
				return
			}
			invalid, ok := errors.AsType[*fault.InvalidError](err)
			require.True(t, ok, "err = %v", err)
			require.Equal(t, "reason", invalid.Problems[0].Field)
			require.Equal(t, tt.problem, invalid.Problems[0].Reason)
			require.Equal(t, r, b.stored(r))
		})
	}
}

// TestWhoDecides: approval.decide decides, but for workspace changes, which are the
// platform operator's (V4).
func TestWhoDecides(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		by    func(*bench) rbac.Actor
		any   error // for kinds that approval.decide decides
		their error // for workspace changes
	}{
		{"the operator", func(*bench) rbac.Actor { return system }, nil, nil},
		{"a tenant's admin", as(rbac.WorkspaceAdmin), nil, unit.ErrOperatorOnly},
		{"a tenant's reviewer", as(rbac.WorkspaceReviewer), nil, unit.ErrOperatorOnly},
		{"a tenant's developer", as(rbac.WorkspaceDeveloper), rbac.ErrDenied, rbac.ErrDenied},
		{"an inspector", as(rbac.MiniProgramInspector), rbac.ErrDenied, rbac.ErrDenied},
		{"a merchant's admin", as(rbac.DeveloperAdmin), rbac.ErrDenied, unit.ErrOperatorOnly},
		{"a merchant's developer", as(rbac.Developer), rbac.ErrDenied, rbac.ErrDenied},
		{"a blocked reviewer", func(b *bench) rbac.Actor { return b.block(rbac.WorkspaceReviewer) }, rbac.ErrDenied, rbac.ErrDenied},
		{"another tenant's admin", func(*bench) rbac.Actor { return foreign }, approval.ErrNotFound, approval.ErrNotFound},
		{"a stranger", func(*bench) rbac.Actor { return stranger }, approval.ErrNotFound, approval.ErrNotFound},
		{"nobody", func(*bench) rbac.Actor { return rbac.Actor{} }, id.ErrAccount, id.ErrAccount},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			by := tt.by(b)
			for _, r := range []approval.Request{
				b.submit(b.As(rbac.DeveloperAdmin), approval.Removal, b.Merchant),
				b.submit(system, approval.Removal, b.Tenant),
				b.submit(rbac.User("acc-mo"), approval.DeveloperWorkspace, b.Tenant),
				b.submit(system, approval.WorkspaceChange, b.Merchant),
			} {
				want := tt.any
				if r.Kind == approval.WorkspaceChange {
					want = tt.their
				}
				if by == b.As(rbac.Developer) && r.Workspace == b.Tenant || by == b.As(rbac.DeveloperAdmin) && r.Workspace == b.Tenant {
					want = approval.ErrNotFound // merchants know nothing of their tenant's
				}
				_, err := b.Decide(t.Context(), by, r.ID, yes)
				if want == nil {
					require.NoError(t, err, r.Kind)
					continue
				}
				require.ErrorIs(t, err, want, r.Kind)
				require.Equal(t, r, b.stored(r))
			}
		})
	}
}

func as(role rbac.Role) func(*bench) rbac.Actor {
	return func(b *bench) rbac.Actor { return b.As(role) }
}

// TestFourEyes: the submitter does not decide his own, unless his tenant lets him,
// which the trail tells (V4).
func TestFourEyes(t *testing.T) {
	t.Parallel()
	admin := rbac.WorkspaceAdmin
	for _, decision := range []approval.Decision{yes, no} {
		b := newBench(t)
		for _, w := range []id.Workspace{b.Tenant, b.Merchant} {
			r := b.submit(b.As(admin), approval.Removal, w)
			_, err := b.Decide(t.Context(), b.As(admin), r.ID, decision)
			require.ErrorIs(t, err, approval.ErrOwn)
			_, err = b.Decide(t.Context(), b.As(admin).OnBehalfOf("acc-other"), r.ID, decision)
			require.ErrorIs(t, err, approval.ErrOwn, "for whom he acts changes nothing")
			require.Equal(t, r, b.stored(r))
		}
		_, err := b.Workspaces.SetSettings(t.Context(), b.As(admin), b.Tenant, workspace.Settings{OwnDecision: true})
		require.NoError(t, err)
		all, err := b.ToDecide(t.Context(), b.As(admin), approval.Filter{}, first)
		require.NoError(t, err)
		require.Len(t, all.Items, 2)
		for _, r := range all.Items {
			require.Contains(t, r.Actions, approval.ActionDecide)
			_, err := b.Decide(t.Context(), b.As(admin), r.ID, decision)
			require.NoError(t, err)
			events := b.events(r.Request)
			require.Contains(t, string(after(t, events[1])), `"own_decision":true`)
		}
	}

	t.Run("an application is nobody's own to decide", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		for _, by := range []rbac.Actor{b.As(admin), rbac.User("acc-mo")} {
			r := b.submit(by, approval.DeveloperWorkspace, b.Tenant)
			_, err := b.Decide(t.Context(), by, r.ID, yes)
			require.ErrorIs(t, err, approval.ErrOwn)
		}
	})

	t.Run("the operator is no account", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		r := b.submit(system, approval.Removal, b.Merchant)
		got, err := b.Decide(t.Context(), system, r.ID, yes)
		require.NoError(t, err)
		require.Empty(t, got.Decider)
		require.NotContains(t, string(after(t, b.events(r)[1])), "own_decision")
	})
}

// TestEnded: what has ended is neither decided nor withdrawn again.
func TestEnded(t *testing.T) {
	t.Parallel()
	for status, end := range map[approval.Status]func(*bench, approval.Request) error{
		approval.Approved: func(b *bench, r approval.Request) error {
			_, err := b.Decide(b.t.Context(), system, r.ID, yes)
			return err
		},
		approval.Rejected: func(b *bench, r approval.Request) error {
			_, err := b.Decide(b.t.Context(), system, r.ID, no)
			return err
		},
		approval.Withdrawn: func(b *bench, r approval.Request) error {
			_, err := b.Withdraw(b.t.Context(), system, r.ID, "")
			return err
		},
		approval.Void: func(b *bench, r approval.Request) error {
			b.now[0]++
			if _, err := b.Decide(b.t.Context(), system, r.ID, yes); !errors.Is(err, approval.ErrVoid) {
				return errors.New("want a void request")
			}
			return nil
		},
	} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			r := b.submit(b.As(rbac.DeveloperAdmin), approval.Removal, b.Merchant)
			require.NoError(t, end(b, r))
			ended := b.stored(r)
			require.Equal(t, status, ended.Status)
			require.Equal(t, ended, b.ended, "the effect is told")
			for _, again := range []func() error{
				func() error { _, err := b.Decide(t.Context(), system, r.ID, yes); return err },
				func() error { _, err := b.Decide(t.Context(), b.As(rbac.WorkspaceAdmin), r.ID, no); return err },
				func() error { _, err := b.Withdraw(t.Context(), b.As(rbac.DeveloperAdmin), r.ID, ""); return err },
			} {
				state, ok := errors.AsType[*approval.StateError](again())
				require.True(t, ok)
				require.Equal(t, status, state.Status)
				require.Contains(t, state.Error(), string(status))
				require.ErrorIs(t, state, approval.ErrState)
			}
			require.Equal(t, ended, b.stored(r))
			require.Len(t, b.events(r), 2)
			b.submit(b.As(rbac.DeveloperAdmin), approval.Removal, b.Merchant) // a new try is a new request
		})
	}
}

// TestVoid: a request whose matter has changed is void, whatever the decision, and
// that is stored though the verb fails (V3).
func TestVoid(t *testing.T) {
	t.Parallel()
	for _, decision := range []approval.Decision{yes, no} {
		b := newBench(t)
		r := b.submit(b.As(rbac.DeveloperAdmin), approval.Removal, b.Merchant)
		b.now[31] ^= 1
		got, err := b.Decide(t.Context(), b.As(rbac.WorkspaceAdmin), r.ID, decision)
		require.ErrorIs(t, err, approval.ErrVoid)
		require.Zero(t, got)
		require.Equal(t, approval.Void, b.stored(r).Status)
		require.Empty(t, b.stored(r).Answer)
		require.Equal(t, approval.EventVoided, b.events(r)[1].Verb)
	}
}

// TestEffectFails: a decision whose effect fails is not stored.
func TestEffectFails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := b.submit(b.As(rbac.DeveloperAdmin), approval.Removal, b.Merchant)
	b.fails = errors.New("no effect")
	_, err := b.Decide(t.Context(), system, r.ID, yes)
	require.ErrorIs(t, err, b.fails)
	_, err = b.Withdraw(t.Context(), system, r.ID, "")
	require.ErrorIs(t, err, b.fails)
	require.Equal(t, r, b.stored(r))
	require.Len(t, b.events(r), 1)
}

// TestUnknownKind: a platform leaves alone what it does not know.
func TestUnknownKind(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := b.submit(b.As(rbac.DeveloperAdmin), "party", b.Merchant)
	_, err := b.Decide(t.Context(), system, r.ID, yes)
	require.ErrorIs(t, err, approval.ErrKind)
	_, err = b.Withdraw(t.Context(), b.As(rbac.DeveloperAdmin), r.ID, "")
	require.ErrorIs(t, err, approval.ErrKind)
	_, err = b.Get(t.Context(), b.As(rbac.WorkspaceAdmin), r.ID)
	require.NoError(t, err)
}

// TestClosed: in a disabled workspace, or under a disabled tenant, nothing is
// decided or withdrawn (W6), by the operator neither.
func TestClosed(t *testing.T) {
	t.Parallel()
	for _, which := range []func(*bench) id.Workspace{
		func(b *bench) id.Workspace { return b.Tenant }, func(b *bench) id.Workspace { return b.Merchant },
	} {
		b := newBench(t)
		removal := b.submit(b.As(rbac.DeveloperAdmin), approval.Removal, b.Merchant)
		change := b.submit(b.As(rbac.DeveloperAdmin), approval.WorkspaceChange, b.Merchant)
		require.NoError(t, b.Workspaces.SetStatus(t.Context(), system, which(b), workspace.Disabled, "unpaid"))
		_, err := b.Decide(t.Context(), b.As(rbac.WorkspaceAdmin), removal.ID, yes)
		require.ErrorIs(t, err, rbac.ErrDenied)
		_, err = b.Decide(t.Context(), system, change.ID, yes)
		require.ErrorIs(t, err, approval.ErrClosed)
		_, err = b.Withdraw(t.Context(), b.As(rbac.DeveloperAdmin), change.ID, "")
		require.ErrorIs(t, err, approval.ErrClosed)
		d, err := b.Get(t.Context(), b.As(rbac.DeveloperAdmin), change.ID)
		require.NoError(t, err, "he may still look")
		require.Empty(t, d.Actions)
	}
}

// TestEndDecidesNothing: what packages end requests by makes no decision.
func TestEndDecidesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := b.submit(b.As(rbac.DeveloperAdmin), approval.Removal, b.Merchant)
	for _, to := range []approval.Status{approval.Approved, approval.Rejected, approval.InReview, ""} {
		require.ErrorIs(t, approval.End(t.Context(), nil, system, r, to, "", b.Clock.Now()), approval.ErrDecision)
	}
}
