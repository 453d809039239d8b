package member_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
)

// TestARunIsForgottenAfterItsTime: what is stored of a run goes with the first that is
// begun after it, and its key is free from the moment on.
func TestARunIsForgottenAfterItsTime(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		run := func(key string) (found member.Run) {
			require.NoError(t, k.Store.View(t.Context(), func(ctx context.Context, r storage.Reader) (err error) {
				found, err = r.Run(ctx, member.RunQuery{Workspace: k.Merchant, Key: key, From: 1, To: 100})
				return err
			}))
			return found
		}
		send := func(key, file string) (map[member.BulkState]int, error) {
			in := bulkOf(k, file)
			in.Key = key
			verdicts, err := k.Bulk.Send(t.Context(), merchantAdmin, in)
			return states(verdicts), err
		}
		_, err := send("june", listing(k, 3))
		require.NoError(t, err)
		_, err = send("other", listing(k, 2))
		require.NoError(t, err)
		k.Clock.Advance(member.BulkKept)
		got, err := send("june", listing(k, 3))
		require.NoError(t, err)
		require.Equal(t, map[member.BulkState]int{member.BulkEarlier: 3}, got, "at its last moment")
		_, err = send("june", listing(k, 4))
		require.ErrorIs(t, err, member.ErrBulkKey)

		k.Clock.Advance(time.Microsecond)
		plan := bulkOf(k, listing(k, 4))
		verdicts, err := k.Bulk.Plan(t.Context(), merchantAdmin, plan)
		require.NoError(t, err, "the key is free")
		require.Equal(t, map[member.BulkState]int{member.BulkPlanned: 4}, states(verdicts), "the invitations have expired")
		require.Len(t, run("june").Sent, 3, "a plan forgets nothing")
		got, err = send("june", listing(k, 4))
		require.NoError(t, err)
		require.Equal(t, map[member.BulkState]int{member.BulkSent: 4}, got)
		require.Len(t, run("june").Sent, 4)
		require.Zero(t, run("other"))
	})
}

// TestRowsMayNameManyMiniPrograms: more than an engine takes in one statement.
func TestRowsMayNameManyMiniPrograms(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{NoRerun: true}, func(t *testing.T, k *superapptest.Kit) {
		in := member.Bulk{Workspace: k.Merchant, Rows: func(yield func(member.Row, error) bool) {
			for i := range member.MaxBulkAll {
				row := member.Row{Line: i + 1, Invite: member.Invite{Email: fmt.Sprintf("p%d@people.example", i), Name: "P", Role: rbac.Developer, MiniPrograms: []id.MiniProgram{k.Shop}}}
				for range i % 2 * 80 {
					row.Invite.MiniPrograms = append(row.Invite.MiniPrograms, id.MiniProgram{UUID: id.New()})
				}
				if !yield(row, nil) {
					return
				}
			}
		}}
		verdicts, err := k.Bulk.Plan(t.Context(), merchantAdmin, in)
		require.NoError(t, err)
		require.Equal(t, map[member.BulkState]int{member.BulkPlanned: member.MaxBulkAll / 2, member.BulkRefused: member.MaxBulkAll / 2}, states(verdicts))
		require.ErrorIs(t, verdicts[1].Err, fault.ErrInvalid)
	})
}
