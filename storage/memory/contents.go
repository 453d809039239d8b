package memory

import (
	"context"
	"slices"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/storage"
)

// Contents reads a workspace and what ends with it.
func (r *reader) Contents(ctx context.Context, w id.Workspace) (c storage.Contents, err error) {
	if c.Workspace, err = r.Workspace(ctx, w); err != nil {
		return storage.Contents{}, err
	}
	if c.Activity, err = r.Activity(ctx, w); err != nil {
		return storage.Contents{}, err
	}
	for key := range r.state.programsOf.after(w.UUID, id.UUID{}) {
		if p := r.state.programs.get(key); p.live() > 0 {
			c.MiniPrograms = append(c.MiniPrograms, p.MiniProgram)
			c.Versions = append(c.Versions, r.state.current(key)...)
		}
	}
	slices.SortFunc(c.Versions, func(a, b miniprogram.Version) int { return a.ID.Compare(b.ID.UUID) })
	for key := range r.state.membersOf.after(w.UUID, id.UUID{}) {
		if m := r.state.members.get(key); m.State.Open() {
			c.Members = append(c.Members, copyMember(*m))
		}
	}
	for key := range r.state.linksOf.after(w.UUID, id.UUID{}) {
		if l := r.state.links.get(key); l.RevokedAt.IsZero() && l.Uses < l.MaxUses {
			c.Links = append(c.Links, copyLink(*l))
		}
	}
	for _, key := range r.state.openRequests.beginning(w.UUID, "", "", id.UUID{}) {
		c.Requests = append(c.Requests, copyRequest(*r.state.requests.get(key)))
	}
	slices.SortFunc(c.Requests, func(a, b approval.Request) int { return a.ID.Compare(b.ID.UUID) })
	c.Own, c.Above = r.state.settingsOf(w)
	return c, nil
}
