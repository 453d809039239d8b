package memory

import (
	"bytes"
	"cmp"
	"context"
	"errors"
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

// Passwords answers a query.
func (r *reader) Passwords(ctx context.Context, q signin.Query) (k signin.Kept, err error) {
	if err := r.ready(ctx); err != nil {
		return k, err
	}
	if c := r.state.credentials.get(q.Member.UUID); c != nil {
		k.Credential = *c
	}
	if q.Record {
		if k.Member, err = r.Member(ctx, q.Member); err != nil && !errors.Is(err, member.ErrNotFound) {
			return k, err
		}
	}
	if q.Key != ([32]byte{}) {
		k.Attempts = signin.Attempts{Workspace: q.Workspace, Key: q.Key}
		if a, ok := r.state.attempts.Get(attempt{in: q.Workspace.UUID, key: q.Key}); ok {
			k.Attempts = *a.record
		}
	}
	if d := r.state.defaults.get(q.Workspace.UUID); q.Default && d != nil {
		k.Default = *d
	}
	return k, nil
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
	if a.Failures != 0 && t.state.workspaces.get(a.Workspace.UUID) == nil {
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
	if d.Hash == "" {
		t.state.defaults.remove(w.UUID)
		return nil
	}
	if t.state.workspaces.get(w.UUID) == nil {
		return workspace.ErrNotFound
	}
	d.SetAt = stored(d.SetAt)
	t.state.defaults.put(w.UUID, &d)
	return nil
}
