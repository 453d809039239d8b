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

func (r reader) Credential(_ context.Context, m id.Member) (signin.Credential, error) {
	return r.state.credentials[m], nil
}

func (r reader) Attempts(_ context.Context, w id.Workspace, key [32]byte) (signin.Attempts, error) {
	a, ok := r.state.attempts[attempt{w, key}]
	if !ok {
		a = signin.Attempts{Workspace: w, Key: key}
	}
	return a, nil
}

func (r reader) DefaultPassword(_ context.Context, w id.Workspace) (signin.Default, error) {
	return r.state.defaults[w], nil
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
	if _, ok := t.state.workspaces[a.Workspace]; !ok {
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
	if _, ok := t.state.workspaces[w]; !ok {
		return workspace.ErrNotFound
	}
	cut(&d.SetAt)
	t.state.defaults[w] = d
	if d.Hash == "" {
		delete(t.state.defaults, w)
	}
	return nil
}
