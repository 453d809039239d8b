package miniprogram

import (
	"context"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// A Tab is a part of a mini program's page.
type Tab string

// The tabs.
const (
	TabInformation   Tab = "information"
	TabVersions      Tab = "versions"
	TabTeam          Tab = "team"
	TabFeatures      Tab = "features"
	TabQRCodes       Tab = "qr_codes"
	TabConfiguration Tab = "configuration"
	TabRequests      Tab = "requests"
)

// A Page is the page of a mini program as one caller sees it (P4). What belongs to
// a tab that he may not see is zero.
type Page struct {
	// Details are the mini program and the actions open to the caller, by right and
	// as things stand.
	Details
	// Tabs are those that the caller may see. The codes of [TabQRCodes] are read by
	// package qrcode.
	Tabs []Tab
	// Best is what is said in the language that suits the reader best, Information
	// what is said in each, in the order of their tags.
	Best        Information
	Information []Information
	// Profile is the rest of the information; its Configuration that of
	// [TabConfiguration].
	Profile Profile
	// Missing is what is to be filled in before the first submission.
	Missing []Gap
	// Versions and Team are the first pages of [Service.Versions] and
	// [Service.Team], whose Next leads on there.
	Versions page.Page[Version]
	Team     page.Page[TeamMember]
	// Features are those attached to the mini program.
	Features []Attached
	// Requests are those about the mini program in review that the caller may see,
	// and a removal that was approved, without what they froze.
	Requests []approval.Request
}

// Page returns the page of a mini program in one call (P4): every tab that the
// caller may see, what is said in the languages that he prefers (see [Best]), and
// the actions open to him. The caller needs miniprogram.view on it; [ErrNotFound]
// for anyone who is a member neither of its workspace nor of its tenant.
func (s *Service) Page(ctx context.Context, actor rbac.Actor, p id.MiniProgram, languages ...string) (out Page, err error) {
	defer fault.Wrap(&err, "miniprogram: page")
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.env.Authorize(ctx, r, actor, rbac.ViewMiniProgram, rbac.OnMiniProgram(p), ErrNotFound)
		if err != nil {
			return err
		}
		d, err := r.Dossier(ctx, Subject{MiniProgram: p})
		if err != nil {
			return err
		}
		out = s.page(d, actor, facts, languages)
		return s.fill(ctx, r, &out)
	})
	if err != nil {
		return Page{}, err
	}
	return out, nil
}

// tabs says which permission shows a tab.
var tabs = []struct {
	tab        Tab
	permission rbac.Permission
}{
	{TabInformation, rbac.ViewMiniProgram},
	{TabVersions, rbac.ViewVersion},
	{TabTeam, rbac.ViewTeam},
	{TabFeatures, rbac.ViewFeature},
	{TabQRCodes, rbac.ViewQRCode},
	{TabConfiguration, rbac.ViewConfiguration},
}

// page returns what of the dossier the caller may see.
func (s *Service) page(d Dossier, actor rbac.Actor, f rbac.Facts, languages []string) Page {
	out := Page{
		Details: s.details(d, true, actor, f), Profile: d.Profile, Missing: d.Missing(),
		Best: Best(d.Information, d.MiniProgram.Language, languages...), Information: d.Information,
	}
	out.Profile.Configuration = Configuration{}
	for _, x := range tabs {
		if !s.env.Matrix.Decide(actor, f, x.permission).Allowed {
			continue
		}
		out.Tabs = append(out.Tabs, x.tab)
		switch x.tab {
		case TabFeatures:
			out.Features = d.seen()
		case TabConfiguration:
			out.Profile.Configuration = d.Profile.Configuration
		}
	}
	for _, r := range d.Requests {
		if s.shows(actor, f, r) {
			r.Frozen = nil
			out.Requests = append(out.Requests, r)
		}
	}
	if len(out.Requests) > 0 {
		out.Tabs = append(out.Tabs, TabRequests)
	}
	return out
}

// submitting is the permission that submitting a kind of request takes: its holders
// see such requests (V4).
var submitting = map[approval.Kind]rbac.Permission{
	approval.VersionRelease: rbac.SubmitVersion, approval.Removal: rbac.RemoveMiniProgram, approval.FeatureActivation: rbac.AttachFeature,
}

// shows reports whether the caller may see a request about the mini program.
func (s *Service) shows(actor rbac.Actor, f rbac.Facts, r approval.Request) bool {
	f.Own = r.Submitter != "" && r.Submitter == actor.Account()
	for _, p := range []rbac.Permission{rbac.ViewApproval, rbac.OwnApproval, submitting[r.Kind]} {
		if p != 0 && s.env.Matrix.Decide(actor, f, p).Allowed {
			return true
		}
	}
	return false
}

// fill reads the lists of the page's tabs.
func (s *Service) fill(ctx context.Context, r Reader, out *Page) error {
	p := out.ID
	limit, err := page.Request{}.Limit()
	if err != nil {
		return err
	}
	for _, tab := range out.Tabs {
		switch tab {
		case TabVersions:
			found, err := r.Versions(ctx, VersionQuery{MiniProgram: p, Limit: limit + 1})
			if err != nil {
				return err
			}
			out.Versions = page.Cut(versionList+":"+p.String(), found, limit, versionKey)
		case TabTeam:
			found, err := r.Team(ctx, p, id.Member{}, limit+1)
			if err != nil {
				return err
			}
			out.Team = page.Cut(teamList+":"+p.String(), found, limit, teamKey)
		}
	}
	return nil
}
