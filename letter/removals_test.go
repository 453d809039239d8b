package letter_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/letter"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// secondAdmin lets another admin join the merchant.
func secondAdmin(p *post) { p.Join(rbac.DeveloperAdmin, "nia") }

func TestTheOtherAdminsAreToldOfARemoval(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, p *post) {
		secondAdmin(p)
		decide(p, removal(p), approval.Decision{Approve: true})
		_, err := p.MiniPrograms.Remove(t.Context(), merchantAdmin, p.Shop, "closing down")
		require.NoError(t, err)
		sent := p.last(p.Merchant, miniprogram.EventArchived)
		require.Equal(t, []string{"nia@people.example"}, addresses(sent), "whoever removed it knows")
		require.Equal(t, "Coffee Shop was removed", sent[0].Subject)
		require.Contains(t, sent[0].Text, "Reason: closing down")
	})
}

func TestNoticesGoToTheMerchantsAdmins(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, p *post) {
		secondAdmin(p)
		all := []string{"developer_admin@people.example", "nia@people.example"}
		require.NoError(t, p.MiniPrograms.Warn(t.Context(), tenantAdmin, p.Shop, "broken links"))
		sent := p.last(p.Merchant, miniprogram.EventWarned)
		require.Equal(t, all, addresses(sent))
		require.Equal(t, "Warning about Coffee Shop", sent[0].Subject)

		require.NoError(t, p.MiniPrograms.RequireRectification(t.Context(), tenantAdmin, p.Shop, "broken links", p.Clock.Now().Add(72*time.Hour)))
		sent = p.last(p.Merchant, miniprogram.EventRectificationRequired)
		require.Equal(t, all, addresses(sent))
		require.Contains(t, sent[0].Text, "Due by: 8 January 2026, 09:00 UTC")

		_, err := p.MiniPrograms.ForceRemove(t.Context(), tenantAdmin, p.Shop, "fraud")
		require.NoError(t, err)
		sent = p.last(p.Merchant, miniprogram.EventForceRemoved)
		require.Equal(t, all, addresses(sent))
		require.Equal(t, "Coffee Shop was removed by the platform", sent[0].Subject)
		require.Contains(t, sent[0].Text, "Reason: fraud")
		require.Empty(t, p.last(p.Merchant, miniprogram.EventArchived), "one letter is enough")
	})
}

func TestFormerAdminsAreToldOfTheirWorkspace(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, p *post) {
		secondAdmin(p)
		gone := p.Join(rbac.DeveloperAdmin, "gone")
		_, err := p.Members.Delete(t.Context(), merchantAdmin, gone.ID, "")
		require.NoError(t, err)
		p.Clock.Advance(time.Hour)
		require.NoError(t, p.RemoveDeveloper(t.Context(), tenantAdmin, p.Merchant, "contract ended"))
		sent := p.last(p.Merchant, workspace.EventRemoved)
		require.Equal(t, []string{"developer_admin@people.example", "nia@people.example"}, addresses(sent))
		require.Equal(t, "Corner Coffee was removed", sent[0].Subject)
		require.Contains(t, sent[0].Text, "Reason: contract ended")
		require.Empty(t, p.last(p.Merchant, miniprogram.EventArchived), "one letter is enough")
	})
}

// A removal of more members than a page of the trail holds.
func TestFormerAdminsOfALargeWorkspace(t *testing.T) {
	t.Parallel()
	p := inMemory(t, options())
	for i := range 230 {
		p.Join(rbac.Developer, "dev"+string(rune('a'+i%26))+string(rune('a'+i/26)))
	}
	p.Clock.Advance(time.Hour)
	require.NoError(t, p.RemoveDeveloper(t.Context(), tenantAdmin, p.Merchant, "contract ended"))
	require.Greater(t, len(p.events(p.Merchant, member.EventDeleted)), 200)
	require.Equal(t, []string{"developer_admin@people.example"}, addresses(p.last(p.Merchant, workspace.EventRemoved)))
}

// One address that fails keeps nobody else from his letter.
func TestEveryReceiverIsTried(t *testing.T) {
	t.Parallel()
	p := inMemory(t, options())
	secondAdmin(p)
	require.NoError(t, p.MiniPrograms.Warn(t.Context(), tenantAdmin, p.Shop, "broken links"))
	e := p.events(p.Merchant, miniprogram.EventWarned)[0]
	down := errors.New("connection lost")
	for _, c := range []struct {
		name        string
		first, last error
		kind        fault.Kind
		is          error
	}{
		{"one is refused", &letter.RefusedError{Why: "550 5.1.1"}, nil, fault.ErrInvalid, letter.ErrRefused},
		{"one is out of reach", down, nil, 0, down},
		{"one is refused, one out of reach", &letter.RefusedError{Why: "550"}, down, 0, down},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPost(t, p.Kit, options())
			p.Fail(func(m letter.Message) error {
				if m.To.Email == "nia@people.example" {
					return c.last
				}
				return c.first
			})
			err := p.sender.Handle(t.Context(), e)
			require.ErrorIs(t, err, c.is)
			require.Equal(t, c.kind, fault.KindOf(err))
			require.NotContains(t, err.Error(), "@")
			require.Equal(t, errors.Is(err, fault.ErrInvalid), delivery.IsPermanent(err))
			require.Equal(t, c.last == nil, len(p.Messages()) == 1)

			p.Fail(nil)
			require.NoError(t, p.sender.Handle(t.Context(), e))
			require.ElementsMatch(t, []string{"developer_admin@people.example", "nia@people.example"}, addresses(p.Messages()), "nobody gets it twice")
			require.Len(t, p.hand(e), 2, "anew")
		})
	}
}
