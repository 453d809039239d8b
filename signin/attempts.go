package signin

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/workspace"
)

// Attempts are the sign-ins of one name in a workspace that failed one after the
// other, or have not ended yet.
type Attempts struct {
	Workspace id.Workspace
	// Key stands for the member, or for a name that nobody has.
	Key [32]byte
	// Failures counts them. They are forgotten at Until.
	Failures int
	Until    time.Time
}

// live returns the attempts as they count at the time.
func (a Attempts) live(now time.Time) Attempts {
	if !now.Before(a.Until) {
		a.Failures, a.Until = 0, time.Time{}
	}
	return a
}

// locked returns a *[LockedError] if there were too many.
func (a Attempts) locked(s workspace.Security, now time.Time) error {
	if a = a.live(now); a.Failures >= s.Failures {
		return &LockedError{Until: a.Until}
	}
	return nil
}

// next returns the attempts with one more.
func (a Attempts) next(s workspace.Security, now time.Time) Attempts {
	a = a.live(now)
	a.Failures++
	a.Until = now.Add(s.Lock)
	return a
}

// ErrLocked is what every [LockedError] is.
var ErrLocked = fault.Define(fault.ErrLimit, "signin.locked", "too many wrong passwords: wait, or have the member unlocked")

// LockedError is the error for signing in after too many failures. It says nothing
// about whether anybody has the name.
type LockedError struct {
	// Until is when to try again.
	Until time.Time
}

// Error says until when.
func (e *LockedError) Error() string {
	return fmt.Sprintf("too many wrong passwords: try again after %s", e.Until.Format(time.RFC3339))
}

// Code returns "signin.locked".
func (e *LockedError) Code() string { return ErrLocked.Code() }

// Unwrap returns [ErrLocked].
func (e *LockedError) Unwrap() error { return ErrLocked }

// keyOf is under which the attempts of a member are counted, by whatever name he
// signs in; those of a name that nobody has are counted under the name.
func keyOf(w id.Workspace, m id.Member, name string) [32]byte {
	text := "name\x00" + name
	if !m.IsZero() {
		text = "member\x00" + m.String()
	}
	return sha256.Sum256([]byte("superapp/signin/1\x00" + w.String() + "\x00" + text))
}
