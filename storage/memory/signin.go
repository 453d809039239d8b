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

// byEnd compares by when it ends, for the index of what to forget.
func (a attempt) byEnd(b attempt) int {
	return cmp.Or(a.in.Compare(b.in), a.record.Until.Compare(b.record.Until), bytes.Compare(a.key[:], b.key[:]))
}

// forget takes an attempt out of the state.
func (s *state) forget(a attempt) {
	s.attempts.Delete(a)
	s.attemptEnds.Delete(a)
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
	put := attempt{a.Workspace.UUID, a.Key, &a}
	if before, ok := s.attempts.Get(put); ok {
		s.forget(before)
	}
	if a.Failures != 0 {
		s.attempts.Set(put)
		s.attemptEnds.Set(put)
	}
	var over []attempt
	s.attemptEnds.Ascend(attempt{in: put.in, record: &signin.Attempts{}}, func(x attempt) bool {
		if x.in != put.in || x.record.Until.After(now) {
			return false
		}
		over = append(over, x)
		return true
	})
	for _, x := range over {
		s.forget(x)
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
