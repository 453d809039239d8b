package miniprogram

import (
	"encoding/hex"

	"github.com/superapp-go/superapp/audit"
)

// The verbs of the audit trail about what a mini program is said to be, how it is
// configured, and its team. The object is the mini program. Each has the state
// before and after, where there is one: of information an [InformationSnapshot]
// with an [InformationPersonal], of the profile a [ProfileSnapshot] with a
// [ProfilePersonal], of the logo a [LogoSnapshot], of the configuration a
// [ConfigurationSnapshot] with a [ConfigurationPersonal], of the team a
// [TeamSnapshot].
const (
	// EventInformationSet: what is said in a language was set.
	EventInformationSet audit.Verb = "miniprogram.information_set"
	// EventInformationDeleted: a language was deleted.
	EventInformationDeleted audit.Verb = "miniprogram.information_deleted"
	// EventProfileSet: category, regions, contacts or entrance were set.
	EventProfileSet audit.Verb = "miniprogram.profile_set"
	// EventLogoSet: it has a logo, or another.
	EventLogoSet audit.Verb = "miniprogram.logo_set"
	// EventLogoDeleted: it has no logo any more.
	EventLogoDeleted audit.Verb = "miniprogram.logo_deleted"
	// EventConfigured: its configuration was set.
	EventConfigured audit.Verb = "miniprogram.configured"
	// EventTeamRoleSet: a member of its team has another role there.
	EventTeamRoleSet audit.Verb = "miniprogram.team_role_set"
	// EventTeamRemoved: somebody left its team.
	EventTeamRemoved audit.Verb = "miniprogram.team_removed"
)

// An InformationSnapshot is information in the audit trail.
type InformationSnapshot struct {
	Language string `json:"language"`
	Name     string `json:"name"`
}

// An InformationPersonal is what people wrote, and so may be personal data, in the
// audit trail.
type InformationPersonal struct {
	Tagline     string   `json:"tagline,omitempty"`
	Description string   `json:"description,omitempty"`
	Keywords    []string `json:"keywords,omitempty"`
}

// Audit returns the [InformationSnapshot] and [InformationPersonal].
func (i Information) Audit() (state, personal any) {
	return InformationSnapshot{Language: i.Language, Name: i.Name},
		InformationPersonal{Tagline: i.Tagline, Description: i.Description, Keywords: i.Keywords}
}

// A ProfileSnapshot is a profile in the audit trail.
type ProfileSnapshot struct {
	Category string   `json:"category,omitempty"`
	Regions  []string `json:"regions,omitempty"`
	Entrance string   `json:"entrance,omitempty"`
}

// A ProfilePersonal is the personal data of a profile in the audit trail.
type ProfilePersonal struct {
	Contacts []Contact `json:"contacts,omitempty"`
}

// Audit returns the [ProfileSnapshot] and [ProfilePersonal].
func (e ProfileEdit) Audit() (state, personal any) {
	return ProfileSnapshot{Category: e.Category, Regions: e.Regions, Entrance: e.Entrance}, ProfilePersonal{Contacts: e.Contacts}
}

// A LogoSnapshot is a logo in the audit trail.
type LogoSnapshot struct {
	SHA256 string `json:"sha256"`
	Format string `json:"format"`
	Size   int    `json:"size"`
	Side   int    `json:"side"`
}

// Audit returns the snapshot; it holds no personal data.
func (l Logo) Audit() (state, personal any) {
	return LogoSnapshot{SHA256: hex.EncodeToString(l.SHA256[:]), Format: l.Format, Size: l.Size, Side: l.Side}, nil
}

// A ConfigurationSnapshot is a configuration in the audit trail.
type ConfigurationSnapshot struct {
	ClientID   string   `json:"client_id,omitempty"`
	MerchantID string   `json:"merchant_id,omitempty"`
	Servers    []string `json:"servers,omitempty"`
	WebViews   []string `json:"web_views,omitempty"`
}

// A ConfigurationPersonal is the personal data of a configuration in the audit
// trail.
type ConfigurationPersonal struct {
	Testers []string `json:"testers,omitempty"`
}

// Audit returns the [ConfigurationSnapshot] and [ConfigurationPersonal].
func (g Configuration) Audit() (state, personal any) {
	return ConfigurationSnapshot{ClientID: g.ClientID, MerchantID: g.MerchantID, Servers: g.Servers, WebViews: g.WebViews},
		ConfigurationPersonal{Testers: g.Testers}
}
