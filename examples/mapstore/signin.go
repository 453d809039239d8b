package mapstore

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/workspace"
)

// An attempt names what is counted of a sign-in.
type attempt struct {
	workspace id.Workspace
	key       [32]byte
}

func (r reader) Passwords(_ context.Context, q signin.Query) (k signin.Kept, _ error) {
	k.Credential = r.state.credentials[q.Member]
	if q.Record {
		k.Member = cloneMember(r.state.members[q.Member])
	}
	if q.Key != ([32]byte{}) {
		var ok bool
		if k.Attempts, ok = r.state.attempts[attempt{q.Workspace, q.Key}]; !ok {
			k.Attempts = signin.Attempts{Workspace: q.Workspace, Key: q.Key}
		}
	}
	if q.Default {
		k.Default = r.state.defaults[q.Workspace]
	}
	return k, nil
}

func (t *tx) PutCredential(_ context.Context, c signin.Credential) error {
	if _, ok := t.state.members[c.Member]; !ok {
		return member.ErrNotFound
	}
	cut(&c.SetAt, &c.ExpiresAt)
	t.state.credentials[c.Member] = c
	return nil
}

func (t *tx) PutAttempts(_ context.Context, a signin.Attempts, now time.Time) error {
	if _, ok := t.state.workspaces[a.Workspace]; !ok && a.Failures != 0 {
		return workspace.ErrNotFound
	}
	cut(&a.Until, &now)
	t.state.attempts[attempt{a.Workspace, a.Key}] = a
	for key, x := range t.state.attempts {
		if x.Failures == 0 || x.Workspace == a.Workspace && !x.Until.After(now) {
			delete(t.state.attempts, key)
		}
	}
	return nil
}

func (t *tx) PutDefaultPassword(_ context.Context, w id.Workspace, d signin.Default) error {
	if d.Hash == "" {
		delete(t.state.defaults, w)
		return nil
	}
	if _, ok := t.state.workspaces[w]; !ok {
		return workspace.ErrNotFound
	}
	cut(&d.SetAt)
	t.state.defaults[w] = d
	return nil
}
