package mapstore

import (
	"context"
	"slices"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
)

// A linkToken is what is known of a link's token beside its hash.
type linkToken struct {
	link       id.Link
	generation int
}

func (r reader) Links(_ context.Context, q member.LinkQuery) ([]member.Link, error) {
	return pick(r.state.links, q.Limit, func(l member.Link) bool {
		return l.Workspace == q.Workspace && l.ID.Compare(q.After.UUID) > 0 && in(q.Statuses, l.Status(q.Now)) && is(q.Role, l.Role)
	}, byLink, cloneLink), nil
}

func (t *tx) InsertLink(_ context.Context, l member.Link) error {
	return insert(t.state.links, l.ID, cloneLink(l))
}

func (t *tx) UpdateLink(_ context.Context, l member.Link) error {
	old, ok := t.state.links[l.ID]
	if !ok {
		return member.ErrLinkNotFound
	}
	l.Workspace, l.Tenant, l.CreatedAt = old.Workspace, old.Tenant, old.CreatedAt
	t.state.links[l.ID] = cloneLink(l)
	return nil
}

func (t *tx) InsertLinkToken(_ context.Context, hash [32]byte, l id.Link, generation int) error {
	return insert(t.state.linkTokens, hash, linkToken{l, generation})
}

func byLink(a, b member.Link) int { return a.ID.Compare(b.ID.UUID) }

func cloneLink(l member.Link) member.Link {
	cut(&l.ExpiresAt, &l.CreatedAt, &l.UpdatedAt, &l.RevokedAt)
	l.Programs, l.Domains = slices.Clone(l.Programs), slices.Clone(l.Domains)
	return l
}
