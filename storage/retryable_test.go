package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/storage"
)

// state is an error of a driver that tells its SQLSTATE.
type state string

func (s state) Error() string    { return "the driver's words" }
func (s state) SQLState() string { return string(s) }

func TestRetryable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		err  error
		want bool
	}{
		{"nothing", nil, false},
		{"busy", storage.ErrBusy, true},
		{"busy, wrapped", fmt.Errorf("sell: %w", storage.ErrBusy), true},
		{"a lost transaction", storage.ErrTxLost, true},
		{"a lost transaction whose commit is unknown", errors.Join(storage.ErrTxLost, storage.ErrOutcomeUnknown), false},
		{"serialization failure of the driver's", fmt.Errorf("commit: %w", state("40001")), true},
		{"deadlock of the driver's", state("40P01"), true},
		{"a row that is there already", state("23505"), false},
		{"a rule", member.ErrPresent, false},
		{"a context", context.DeadlineExceeded, false},
		{"a database that cannot be reached", storage.ErrUnreachable, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, storage.Retryable(c.err))
		})
	}
}
