package id_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
)

func TestTypedParsers(t *testing.T) {
	t.Parallel()
	u := id.New()
	for name, parse := range map[string]func(string) (id.UUID, error){
		"workspace":    func(s string) (id.UUID, error) { x, err := id.ParseWorkspace(s); return x.UUID, err },
		"member":       func(s string) (id.UUID, error) { x, err := id.ParseMember(s); return x.UUID, err },
		"mini program": func(s string) (id.UUID, error) { x, err := id.ParseMiniProgram(s); return x.UUID, err },
		"version":      func(s string) (id.UUID, error) { x, err := id.ParseVersion(s); return x.UUID, err },
		"QR code":      func(s string) (id.UUID, error) { x, err := id.ParseQRCode(s); return x.UUID, err },
	} {
		got, err := parse(u.String())
		require.NoError(t, err, name)
		require.Equal(t, u, got, name)
		got, err = parse("not an id")
		require.ErrorIs(t, err, id.ErrMalformed, name)
		require.True(t, got.IsZero(), name)
	}
}
