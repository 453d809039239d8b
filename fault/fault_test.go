package fault_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
)

// statuses are the codes of HTTP and gRPC that each kind promises.
var statuses = map[fault.Kind]struct {
	name string
	http int
	grpc uint32
}{
	fault.ErrInvalid:     {"invalid", 400, 3},
	fault.ErrNotFound:    {"not found", 404, 5},
	fault.ErrExists:      {"exists already", 409, 6},
	fault.ErrDenied:      {"denied", 403, 7},
	fault.ErrState:       {"not in this state", 409, 9},
	fault.ErrConflict:    {"conflict", 409, 10},
	fault.ErrLimit:       {"limit reached", 422, 8},
	fault.ErrUnavailable: {"unavailable", 503, 14},
}

func TestKinds(t *testing.T) {
	t.Parallel()
	require.Len(t, fault.Kinds(), len(statuses))
	for _, kind := range fault.Kinds() {
		t.Run(kind.Error(), func(t *testing.T) {
			t.Parallel()
			want := statuses[kind]
			sentinel := fault.Define(kind, "shop.closed", "the shop is closed: come back tomorrow")
			for _, err := range []error{kind, sentinel, fmt.Errorf("shop: enter: %w", sentinel)} {
				require.Equal(t, kind, fault.KindOf(err))
				require.Equal(t, want.http, fault.HTTPStatus(err))
				require.Equal(t, want.grpc, fault.GRPCCode(err))
				for _, k := range fault.Kinds() {
					require.Equal(t, k == kind, errors.Is(err, k), "errors.Is(%v, %v)", err, k)
				}
			}
			require.Equal(t, want.name, kind.Error())
		})
	}
}

func TestErrorsWithoutKind(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"the host's own":      errors.New("disk full"),
		"a cancelled context": context.Canceled,
		"kind 0":              fault.Kind(0),
		"a kind of nobody":    fault.Define(fault.Kind(200), "shop.odd", "odd"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Zero(t, fault.KindOf(err))
			require.Equal(t, 500, fault.HTTPStatus(err))
			require.EqualValues(t, 2, fault.GRPCCode(err))
		})
	}
	require.Equal(t, "unknown", fault.Kind(200).Error())
	require.Empty(t, fault.CodeOf(context.Canceled))
}

func TestNoError(t *testing.T) {
	t.Parallel()
	require.Zero(t, fault.KindOf(nil))
	require.Empty(t, fault.CodeOf(nil))
	require.Equal(t, 200, fault.HTTPStatus(nil))
	require.Zero(t, fault.GRPCCode(nil))
}

func TestSentinels(t *testing.T) {
	t.Parallel()
	closed := fault.Define(fault.ErrState, "shop.closed", "the shop is closed")
	other := fault.Define(fault.ErrState, "shop.closed", "the shop is closed")
	err := fmt.Errorf("buy: %w", closed)

	require.EqualError(t, err, "buy: the shop is closed")
	require.Equal(t, "shop.closed", fault.CodeOf(err))
	require.ErrorIs(t, err, closed)
	require.NotErrorIs(t, err, other, "sentinels are compared by identity")
	found, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok)
	require.Same(t, closed, found)
}

func TestInvalidError(t *testing.T) {
	t.Parallel()

	t.Run("no problem is no error", func(t *testing.T) {
		t.Parallel()
		var ps fault.Problems
		require.True(t, ps.Err() == nil, "not even a typed nil")
	})

	t.Run("every problem is told", func(t *testing.T) {
		t.Parallel()
		var ps fault.Problems
		ps.Add("email", "malformed", "not an address")
		ps.Add("programs[2]", "unknown", "no such mini program")
		err := fmt.Errorf("member: invite: %w", ps.Err())

		require.EqualError(t, err, "member: invite: email: not an address; programs[2]: no such mini program")
		require.ErrorIs(t, err, fault.ErrInput)
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, fault.ErrInput.Code(), fault.CodeOf(err))
		require.Equal(t, 400, fault.HTTPStatus(err))
		invalid, ok := errors.AsType[*fault.InvalidError](err)
		require.True(t, ok)
		require.Equal(t, []fault.Problem{
			{Field: "email", Reason: "malformed", Detail: "not an address"},
			{Field: "programs[2]", Reason: "unknown", Detail: "no such mini program"},
		}, invalid.Problems)
	})

	t.Run("a single problem", func(t *testing.T) {
		t.Parallel()
		err := fault.Invalid("size", "not_allowed", "want 1 to 500, got 501")
		require.EqualError(t, err, "size: want 1 to 500, got 501")
		require.ErrorIs(t, err, fault.ErrInput)
	})
}

func TestWrap(t *testing.T) {
	t.Parallel()
	call := func(result error) (err error) {
		defer fault.Wrap(&err, "member: block")
		return result
	}
	require.NoError(t, call(nil))
	err := call(fault.ErrInput)
	require.EqualError(t, err, "member: block: "+fault.ErrInput.Error())
	require.ErrorIs(t, err, fault.ErrInput)
}
