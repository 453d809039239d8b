package workspace

import (
	"cmp"
	"fmt"
	"time"

	"github.com/superapp-go/superapp/fault"
)

// Security is what a workspace sets about passwords, on platforms that keep them
// (M14, package signin). A zero field is not set.
type Security struct {
	// MinLength is the least length of a password in characters, 8 to 64.
	MinLength int `json:"min_length,omitempty"`
	// Classes is how many kinds of characters a password has at least, 1 to 4:
	// small letters, capitals, digits, and everything else.
	Classes int `json:"classes,omitempty"`
	// Failures is how many wrong passwords in a row lock a sign-in, 1 to 100.
	Failures int `json:"failures,omitempty"`
	// Lock is for how long, 1 minute to 24 hours; failures that are further apart
	// are not in a row.
	Lock time.Duration `json:"lock,omitempty"`
	// MaxAge is after how long a password must be changed, 1 day to 10 years; if
	// nobody sets it, never.
	MaxAge time.Duration `json:"max_age,omitempty"`
	// ResetValidity is for how long a password that somebody else has set works, 15
	// minutes to 30 days.
	ResetValidity time.Duration `json:"reset_validity,omitempty"`
}

// The bounds of the security settings. Durations are whole seconds.
const (
	MinPasswordLength = 8
	MaxPasswordLength = 64
	MaxClasses        = 4
	MaxFailures       = 100
	MinLock           = time.Minute
	MaxLock           = 24 * time.Hour
	MinMaxAge         = 24 * time.Hour
	MaxMaxAge         = 10 * 365 * 24 * time.Hour
	MinResetValidity  = 15 * time.Minute
	MaxResetValidity  = 30 * 24 * time.Hour
)

// or returns the settings with what is not set taken from others.
func (s Security) or(others Security) Security {
	return Security{
		MinLength:     cmp.Or(s.MinLength, others.MinLength),
		Classes:       cmp.Or(s.Classes, others.Classes),
		Failures:      cmp.Or(s.Failures, others.Failures),
		Lock:          cmp.Or(s.Lock, others.Lock),
		MaxAge:        cmp.Or(s.MaxAge, others.MaxAge),
		ResetValidity: cmp.Or(s.ResetValidity, others.ResetValidity),
	}
}

// within returns the settings, nowhere laxer than those above.
func (s Security) within(above Security) Security {
	s.MinLength = max(s.MinLength, above.MinLength)
	s.Classes = max(s.Classes, above.Classes)
	s.Failures = min(s.Failures, above.Failures)
	s.Lock = max(s.Lock, above.Lock)
	if above.MaxAge != 0 && (s.MaxAge == 0 || s.MaxAge > above.MaxAge) {
		s.MaxAge = above.MaxAge
	}
	s.ResetValidity = min(s.ResetValidity, above.ResetValidity)
	return s
}

// Check notes what is out of bounds; a zero field is in them.
func (s Security) Check(p *fault.Problems) {
	number := func(field string, n, least, most int) {
		if n != 0 && (n < least || n > most) {
			p.Add(field, "not_allowed", fmt.Sprintf("want %d to %d, got %d", least, most, n))
		}
	}
	number("security.min_length", s.MinLength, MinPasswordLength, MaxPasswordLength)
	number("security.classes", s.Classes, 1, MaxClasses)
	number("security.failures", s.Failures, 1, MaxFailures)
	duration := func(field string, d, least, most time.Duration) {
		switch {
		case d == 0:
		case d < least || d > most:
			p.Add(field, "not_allowed", fmt.Sprintf("want %s to %s, got %s", least, most, d))
		case d%time.Second != 0:
			p.Add(field, "not_allowed", fmt.Sprintf("want whole seconds, got %s", d))
		}
	}
	duration("security.lock", s.Lock, MinLock, MaxLock)
	duration("security.max_age", s.MaxAge, MinMaxAge, MaxMaxAge)
	duration("security.reset_validity", s.ResetValidity, MinResetValidity, MaxResetValidity)
}

// checkWithin notes what a developer workspace sets laxer than what holds in its
// tenant.
func (s Security) checkWithin(p *fault.Problems, tenant Security) {
	lax := func(field, want string, tenant, got any) {
		p.Add(field, "not_allowed", fmt.Sprintf("the tenant allows at %s %v, got %v", want, tenant, got))
	}
	if s.MinLength != 0 && s.MinLength < tenant.MinLength {
		lax("security.min_length", "least", tenant.MinLength, s.MinLength)
	}
	if s.Classes != 0 && s.Classes < tenant.Classes {
		lax("security.classes", "least", tenant.Classes, s.Classes)
	}
	if s.Failures > tenant.Failures {
		lax("security.failures", "most", tenant.Failures, s.Failures)
	}
	if s.Lock != 0 && s.Lock < tenant.Lock {
		lax("security.lock", "least", tenant.Lock, s.Lock)
	}
	if tenant.MaxAge != 0 && s.MaxAge > tenant.MaxAge {
		lax("security.max_age", "most", tenant.MaxAge, s.MaxAge)
	}
	if s.ResetValidity > tenant.ResetValidity {
		lax("security.reset_validity", "most", tenant.ResetValidity, s.ResetValidity)
	}
}
