package delivery_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/storage"
)

// A handler that takes no notice of its context ends with the event that it has.
func TestNothingIsBegunAfterTheStop(t *testing.T) {
	t.Parallel()
	bubble(t, func(d *desk) {
		d.happen(50)
		calls := 0
		stop := d.run(nil, func(context.Context, audit.Event) error {
			calls++
			time.Sleep(500 * time.Millisecond)
			return nil
		})
		time.Sleep(2250 * time.Millisecond)
		stop()
		require.Equal(d, 5, calls)
		again := d.run(nil, func(_ context.Context, e audit.Event) error { calls = int(e.Seq); return nil })
		time.Sleep(10 * time.Second)
		again()
		require.Equal(d, 52, calls)
	})
}

// A workspace with much to do, of which each takes long, does not keep the others
// waiting until all of it is done.
func TestSlowWorkspacesLetOthersHaveTheirTurn(t *testing.T) {
	t.Parallel()
	bubble(t, func(d *desk) {
		d.happen(200)
		began := time.Now()
		var slow uint64
		var other []time.Duration
		stop := d.run(&delivery.Options{Workers: 1}, func(_ context.Context, e audit.Event) error {
			if e.Workspace != d.w {
				other = append(other, time.Since(began))
				return nil
			}
			require.Equal(d, slow+1, e.Seq, "none is left out, and none comes twice")
			slow = e.Seq
			time.Sleep(10 * time.Second)
			return nil
		})
		time.Sleep(5 * time.Second)
		d.openTenant("Other")
		time.Sleep(time.Hour)
		stop()
		require.Len(d, other, 2)
		require.Less(d, other[1], 2*time.Minute)
		require.EqualValues(d, 202, slow)
	})
}

// The mail server or the receiver of a webhook may be down for an hour: the defaults
// outlast it.
func TestAnHourOfFailuresMakesNoDeadLetter(t *testing.T) {
	t.Parallel()
	for range 5 { // the pauses are random
		bubble(t, func(d *desk) {
			up := time.Now().Add(time.Hour)
			var got []uint64
			stop := d.run(nil, func(_ context.Context, e audit.Event) error {
				if time.Now().Before(up) {
					return errors.New("the server says 500")
				}
				got = append(got, e.Seq)
				return nil
			})
			time.Sleep(time.Hour + 6*time.Minute)
			stop()
			require.Empty(d, d.letters())
			require.Equal(d, []uint64{1, 2}, got)
		})
	}
}

// A dead letter that is dropped while it is tried again stays dropped.
func TestADroppedLetterStaysDropped(t *testing.T) {
	t.Parallel()
	bubble(t, func(d *desk) {
		var mu sync.Mutex
		again := false
		trying := make(chan struct{})
		stop := d.run(nil, func(_ context.Context, e audit.Event) error {
			mu.Lock()
			blocks := again && e.Seq == 1
			mu.Unlock()
			if blocks {
				<-trying
			}
			if e.Seq == 1 {
				return delivery.Permanent(errors.New("no"))
			}
			return nil
		})
		time.Sleep(5 * time.Second)
		require.Len(d, d.letters(), 1)
		mu.Lock()
		again = true
		mu.Unlock()
		require.NoError(d, d.Delivery.Retry(d.Context(), operator, "crm", d.w, 1))
		time.Sleep(5 * time.Second)
		require.NoError(d, d.Delivery.Drop(d.Context(), operator, "crm", d.w, 1))
		close(trying)
		time.Sleep(5 * time.Second)
		stop()
		require.Empty(d, d.letters())
	})
}

// TestDeliveryProcess is the process that TestDeliveriesOfAKilledProcess kills.
func TestDeliveryProcess(t *testing.T) {
	testkit.DeliveryProcess(t, func(t *testing.T, at string) storage.Store { return testkit.OpenSQLite(t, at) })
}

func TestDeliveriesOfAKilledProcess(t *testing.T) {
	t.Parallel()
	file := testkit.SQLiteFile(t)
	testkit.Killed(t, testkit.OpenSQLite(t, file), file)
}
