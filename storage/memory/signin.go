package memory

import (
	"bytes"
	"cmp"
	"context"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/workspace"
)

// An attempt is what is counted of a sign-in in a workspace.
type attempt struct {
	in     id.UUID
	key    [32]byte
	record *signin.Attempts
}

func (a attempt) compare(b attempt) int {
	return cmp.Or(a.in.Compare(b.in), bytes.Compare(a.key[:], b.key[:]))
}

// Credential returns a member's password.
func (r *reader) Credential(ctx context.Context, m id.Member) (signin.Credential, error) {
	if err := r.ready(ctx); err != nil {
		return signin.Credential{}, err
	}
	if found := r.state.credentials.get(m.UUID); found != nil {
		return *found, nil
	}
	return signin.Credential{}, nil
}

// Attempts returns what is stored under a key.
func (r *reader) Attempts(ctx context.Context, w id.Workspace, key [32]byte) (signin.Attempts, error) {
	if err := r.ready(ctx); err != nil {
		return signin.Attempts{}, err
	}
	if found, ok := r.state.attempts.Get(attempt{in: w.UUID, key: key}); ok {
		return *found.record, nil
	}
	return signin.Attempts{Workspace: w, Key: key}, nil
}

// DefaultPassword returns a workspace's.
func (r *reader) DefaultPassword(ctx context.Context, w id.Workspace) (signin.Default, error) {
	if err := r.ready(ctx); err != nil {
		return signin.Default{}, err
	}
	if found := r.state.defaults.get(w.UUID); found != nil {
		return *found, nil
	}
	return signin.Default{}, nil
}

// PutCredential stores a member's password.
func (t *tx) PutCredential(ctx context.Context, c signin.Credential) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if t.state.members.get(c.Member.UUID) == nil {
		return member.ErrNotFound
	}
	c.SetAt, c.ExpiresAt = stored(c.SetAt), stored(c.ExpiresAt)
	t.state.credentials.put(c.Member.UUID, &c)
	return nil
}

// PutAttempts stores what is counted under a key, and forgets what has ended.
func (t *tx) PutAttempts(ctx context.Context, a signin.Attempts, now time.Time) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if t.state.workspaces.get(a.Workspace.UUID) == nil {
		return workspace.ErrNotFound
	}
	a.Until, now = stored(a.Until), stored(now)
	s := t.state
	if a.Failures == 0 {
		s.attempts.Delete(attempt{in: a.Workspace.UUID, key: a.Key})
	} else {
		s.attempts.Set(attempt{a.Workspace.UUID, a.Key, &a})
	}
	var over []attempt
	s.attempts.Ascend(attempt{in: a.Workspace.UUID}, func(x attempt) bool {
		if x.in == a.Workspace.UUID && !x.record.Until.After(now) {
			over = append(over, x)
		}
		return x.in == a.Workspace.UUID
	})
	for _, x := range over {
		s.attempts.Delete(x)
	}
	return nil
}

// PutDefaultPassword stores a workspace's.
func (t *tx) PutDefaultPassword(ctx context.Context, w id.Workspace, d signin.Default) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if t.state.workspaces.get(w.UUID) == nil {
		return workspace.ErrNotFound
	}
	if d.Hash == "" {
		t.state.defaults.remove(w.UUID)
		return nil
	}
	d.SetAt = stored(d.SetAt)
	t.state.defaults.put(w.UUID, &d)
	return nil
}
