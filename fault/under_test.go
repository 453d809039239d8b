package fault_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
)

func TestUnder(t *testing.T) {
	t.Parallel()
	inner := fault.Invalid("email", "malformed", "want an e-mail address")
	got := fault.Under("admin", fmt.Errorf("member: set first admin: %w", inner))
	require.EqualError(t, got, "admin.email: want an e-mail address")
	require.ErrorIs(t, got, fault.ErrInvalid)
	require.EqualError(t, inner, "email: want an e-mail address", "the inner error was changed")
	require.Equal(t, fault.ErrDenied, fault.Under("admin", fault.ErrDenied))
	require.NoError(t, fault.Under("admin", nil))
}

func TestText(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("member: invite: %w", fault.Invalid("email", "malformed", "want an e-mail address"))
	require.Equal(t, "email: want an e-mail address", fault.Text(err))
	require.Empty(t, fault.Text(fmt.Errorf("plain")))
	require.Empty(t, fault.Text(nil))
}

func TestJoin(t *testing.T) {
	t.Parallel()
	a, b := fault.Invalid("a", "required", "want a"), fault.Invalid("b", "required", "want b")
	require.EqualError(t, fault.Join(a, nil, b), "a: want a; b: want b")
	require.NoError(t, fault.Join(nil, nil))
	require.Equal(t, fault.ErrDenied, fault.Join(a, fault.ErrDenied, b))
}
