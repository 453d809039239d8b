package workspace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/superapp-go/superapp/fault"
)

// Settings are what a workspace sets for itself (W8). A zero field is not set:
// it is then what the tenant sets, or else the platform's default.
type Settings struct {
	// Validity is how long an invitation is valid, 15 minutes to 90 days.
	Validity time.Duration `json:"validity,omitempty"`
	// MaxBatch is the greatest number of people invited at once, 1 to 100.
	MaxBatch int `json:"max_batch,omitempty"`
	// Recipient is who may accept an invitation, by the name of the policy:
	// "invited_email", "unsafe_any_verified_email" or "unsafe_any_account".
	Recipient string `json:"recipient,omitempty"`
	// RemovalPeriod is how long after its last upload a developer workspace
	// cannot be removed (W4). Only a tenant sets it: a merchant could put his own
	// removal off for ever.
	RemovalPeriod time.Duration `json:"removal_period,omitempty"`
	// OwnDecision lets those who decide requests decide their own, without a
	// second pair of eyes (V4). Only a tenant sets it, for itself and its developer
	// workspaces.
	OwnDecision bool `json:"own_decision,omitempty"`
	// Security is about passwords, on platforms that keep them (M14).
	Security Security `json:"security,omitzero"`
}

// The bounds of the settings. Durations are whole seconds.
const (
	MinValidity      = 15 * time.Minute
	MaxValidity      = 90 * 24 * time.Hour
	MaxBatch         = 100
	MaxRemovalPeriod = 10 * 365 * 24 * time.Hour
)

// Recipients returns the names of the policies of who may accept an invitation,
// strictest first; package member says what each means.
func Recipients() []string { return slices.Clone(recipients) }

var recipients = []string{"invited_email", "unsafe_any_verified_email", "unsafe_any_account"}

// Effective returns what holds in a workspace that sets own, under a tenant that
// sets tenant, on a platform with these defaults, all of whose fields are set: its
// own settings, but nowhere laxer than its tenant's (W8). A tenant's own are both.
func Effective(own, tenant, defaults Settings) Settings {
	above := tenant.or(defaults)
	set := own.or(above)
	set.Validity = min(set.Validity, above.Validity)
	set.MaxBatch = min(set.MaxBatch, above.MaxBatch)
	if laxity(set.Recipient) > laxity(above.Recipient) {
		set.Recipient = above.Recipient
	}
	set.Security = set.Security.within(above.Security)
	set.RemovalPeriod, set.OwnDecision = above.RemovalPeriod, above.OwnDecision
	return set
}

// or returns the settings with what is not set taken from others.
func (s Settings) or(others Settings) Settings {
	return Settings{
		Validity:      cmp.Or(s.Validity, others.Validity),
		MaxBatch:      cmp.Or(s.MaxBatch, others.MaxBatch),
		Recipient:     cmp.Or(s.Recipient, others.Recipient),
		RemovalPeriod: cmp.Or(s.RemovalPeriod, others.RemovalPeriod),
		OwnDecision:   s.OwnDecision,
		Security:      s.Security.or(others.Security),
	}
}

// laxity is the place of a policy among them; a name that is none counts as the
// strictest.
func laxity(recipient string) int { return max(slices.Index(recipients, recipient), 0) }

// check notes what is out of bounds.
func (s Settings) check(p *fault.Problems) {
	if s.Validity != 0 && (s.Validity < MinValidity || s.Validity > MaxValidity) {
		p.Add("validity", "not_allowed", fmt.Sprintf("want %s to %s, got %s", MinValidity, MaxValidity, s.Validity))
	}
	if s.MaxBatch < 0 || s.MaxBatch > MaxBatch {
		p.Add("max_batch", "not_allowed", fmt.Sprintf("want 1 to %d, got %d", MaxBatch, s.MaxBatch))
	}
	if s.Recipient != "" && !slices.Contains(recipients, s.Recipient) {
		p.Add("recipient", "unknown", "want "+strings.Join(recipients, ", "))
	}
	if s.RemovalPeriod < 0 || s.RemovalPeriod > MaxRemovalPeriod {
		p.Add("removal_period", "not_allowed", fmt.Sprintf("want a duration up to %s, got %s", MaxRemovalPeriod, s.RemovalPeriod))
	}
	for _, d := range []struct {
		field string
		time.Duration
	}{{"validity", s.Validity}, {"removal_period", s.RemovalPeriod}} {
		if d.Duration%time.Second != 0 {
			p.Add(d.field, "not_allowed", fmt.Sprintf("want whole seconds, got %s", d.Duration))
		}
	}
	s.Security.Check(p)
}

// checkWithin notes what a developer workspace sets laxer than what holds in its
// tenant.
func (s Settings) checkWithin(p *fault.Problems, tenant Settings) {
	if s.Validity > tenant.Validity {
		p.Add("validity", "not_allowed", fmt.Sprintf("the tenant allows at most %s, got %s", tenant.Validity, s.Validity))
	}
	if s.MaxBatch > tenant.MaxBatch {
		p.Add("max_batch", "not_allowed", fmt.Sprintf("the tenant allows at most %d, got %d", tenant.MaxBatch, s.MaxBatch))
	}
	if laxity(s.Recipient) > laxity(tenant.Recipient) {
		p.Add("recipient", "not_allowed", fmt.Sprintf("the tenant allows %s, got %s", tenant.Recipient, s.Recipient))
	}
	if s.RemovalPeriod != 0 {
		p.Add("removal_period", "not_allowed", "only a tenant sets it, for its developer workspaces")
	}
	if s.OwnDecision {
		p.Add("own_decision", "not_allowed", "only a tenant sets it, for its developer workspaces too")
	}
	s.Security.checkWithin(p, tenant.Security)
}

// Audit returns the settings themselves: they hold no personal data.
func (s Settings) Audit() (state, personal any) { return s, nil }
