package signin

import (
	"context"
	"strings"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// ErrWrong is the error for a name and a password that do not belong together,
// whatever the reason: it does not tell whether anybody has the name.
var ErrWrong = fault.Define(fault.ErrDenied, "signin.wrong", "the name or the password is wrong")

// A try is one sign-in on its way.
type try struct {
	workspace id.Workspace
	// member is whose name it is; zero if nobody's.
	member     member.Member
	credential Credential
	security   workspace.Security
	// attempts are those of the name with this one, before those without.
	attempts, before Attempts
	// locked is the error of a name with too many failures.
	locked error
	// stale says that the hash is weaker than one that were made now.
	stale bool
}

// try finds out whether the password is that of the name: it counts an attempt,
// then computes one hash, whatever there is to compare with. The error is a
// *[LockedError], [ErrWrong], or that of the store or the context.
func (s *Service) try(ctx context.Context, w id.Workspace, name string, p Password) (t try, err error) {
	err = s.store.Update(ctx, lockOf(w), func(ctx context.Context, tx Tx) error {
		facts, err := tx.Facts(ctx, lockOf(w).Query)
		if err != nil {
			return err
		}
		if t, err = s.find(ctx, tx, w, name); err != nil || !facts.Found {
			return err
		}
		now := s.env.Now()
		if t.locked = t.attempts.locked(t.security, now); t.locked != nil {
			return nil
		}
		t.before, t.attempts = t.attempts.live(now), t.attempts.next(t.security, now)
		return tx.PutAttempts(ctx, t.attempts, now)
	})
	if err != nil {
		return try{}, err
	}
	hash := t.credential.Hash
	if t.locked != nil || t.member.State != member.Active {
		hash = ""
	}
	prepared, ok := p.prepared()
	if !ok {
		hash, prepared = "", "not a password"
	}
	right, stale, err := s.options.Hasher.Verify(ctx, hash, prepared)
	switch {
	case err != nil:
		s.undo(ctx, t)
		return try{}, err
	case t.locked != nil:
		return try{}, t.locked
	case !right || hash == "":
		return try{}, ErrWrong
	}
	t.stale = stale
	return t, nil
}

// lastWord is how long an attempt may take to be taken back.
const lastWord = 5 * time.Second

// undo takes back an attempt that was counted and of which nobody learns whether it
// was right, since no hash was computed: who waits in vain for his turn on a busy
// machine is not locked out for it. It leaves what was counted, or forgotten, since
// then, or a count would hold less than what was looked at. If it fails, the
// attempt has cost one.
func (s *Service) undo(ctx context.Context, t try) {
	if t.attempts.Failures == 0 || t.locked != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWord)
	defer cancel()
	_ = s.store.Update(ctx, lockOf(t.workspace), func(ctx context.Context, tx Tx) error {
		found, err := tx.Passwords(ctx, Query{Workspace: t.workspace, Key: t.attempts.Key})
		if now := found.Attempts; err != nil || now.Failures != t.attempts.Failures || !now.Until.Equal(t.attempts.Until) {
			return err
		}
		return tx.PutAttempts(ctx, t.before, s.env.Now())
	})
}

// find reads whose name it is and what is known of him: the same reads for a name
// that nobody has.
func (s *Service) find(ctx context.Context, r Reader, w id.Workspace, name string) (t try, err error) {
	l := member.Lookup{Workspace: w, Settings: true}
	name = strings.TrimSpace(name)
	if a := id.Account(name); a.Validate() == nil {
		l.Account = a
	}
	var none fault.Problems
	if email := text.Email(&none, "name", name); len(none) == 0 {
		l.Emails, name = []string{email}, email
	}
	found, err := r.Lookup(ctx, l)
	if err != nil {
		return t, err
	}
	who := found.Present
	for _, m := range found.Open {
		if m.State.Present() && who.IsZero() {
			who = m.ID
		}
	}
	kept, err := r.Passwords(ctx, Query{Member: who, Record: true, Workspace: w, Key: keyOf(w, who, name)})
	return try{
		workspace: w, security: s.security(found.Own, found.Above),
		member: kept.Member, credential: kept.Credential, attempts: kept.Attempts,
	}, err
}

// A then is what else is to be done in the unit of a right password, with the
// credential as it stands and the time.
type then = func(ctx context.Context, tx Tx, c Credential, now time.Time) error

// settle ends a try whose password was right in a unit: the attempts are forgotten,
// and then is done what is left. Another sign-in may have made the hash anew since:
// the password is compared with that one too, once and outside of the unit, so that
// of those who come at once each gets in. Errors: [ErrWrong] if the password or the
// member is no longer what was tried; that of the hasher, the store or the context.
func (s *Service) settle(ctx context.Context, t try, p Password, do then) error {
	anew, err := s.end(ctx, t, do)
	if err != nil || anew.Hash == "" {
		return err
	}
	prepared, _ := p.prepared()
	// Why nothing is taken back for an error: the sign-in that made the hash anew has
	// had the attempts forgotten.
	right, _, err := s.options.Hasher.Verify(ctx, anew.Hash, prepared)
	switch {
	case err != nil:
		return err
	case !right:
		return ErrWrong
	}
	t.credential = anew
	if anew, err = s.end(ctx, t, do); err == nil && anew.Hash != "" {
		return ErrWrong
	}
	return err
}

// end is settle for the hash that was compared. If there is another now, of a
// password that may be the same, it does nothing and returns the credential, which
// is zero otherwise.
func (s *Service) end(ctx context.Context, t try, do then) (anew Credential, err error) {
	lock := unit.On(t.actor(""), rbac.OnWorkspace(t.workspace))
	err = s.store.Update(ctx, lock, func(ctx context.Context, tx Tx) error {
		anew = Credential{}
		facts, err := tx.Facts(ctx, lock.Query)
		if err != nil {
			return err
		}
		found, err := tx.Passwords(ctx, Query{Member: t.member.ID})
		if err != nil {
			return err
		}
		c := found.Credential
		same := c.Hash == t.credential.Hash
		switch {
		case facts.Home.Member != t.member.ID || facts.Home.Presence != rbac.Active || !same && !c.setAs(t.credential):
			return ErrWrong
		case !same:
			anew = c
			return nil
		}
		now, forgotten := s.env.Now(), t.attempts
		forgotten.Failures = 0
		if err := tx.PutAttempts(ctx, forgotten, now); err != nil {
			return err
		}
		return do(ctx, tx, c, now)
	})
	return anew, err
}

// actor is who signed in: the account, in this workspace and nowhere else.
func (t try) actor(request string) rbac.Actor {
	return rbac.User(t.member.Account).Within(t.workspace).WithRequest(request)
}
