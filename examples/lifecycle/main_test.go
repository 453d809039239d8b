package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func told(t *testing.T, args ...string) string {
	t.Helper()
	var out, bad bytes.Buffer
	require.Zero(t, run(args, &out, &bad), bad.String())
	return out.String()
}

func TestLifecycle(t *testing.T) {
	t.Parallel()
	text := told(t)
	for _, line := range []string{
		"Mira Tan applies for Corner Bakery: in_review",
		"Rey Santos decides the request (developer_workspace): approved",
		"Fresh Bread, in_development: missing nothing",
		`Whoever reads "zh-CN" sees 新鲜面包 (zh-Hans).`,
		`Whoever reads "fr" sees Fresh Bread (en).`,
		"Rey Santos decides the request (feature_activation): approved",
		"in pilot testing: of 1000 users 1000 get none; a tester gets 1.0.0",
		"to everybody:    of 1000 users 1000 get 1.0.0; a tester gets 1.0.0",
		"in pilot testing: of 1000 users 1000 get 1.0.0; a tester gets 1.1.0",
		"Progress of 1.0.0: under_review, approved, pilot_testing, grayscale 10 %, grayscale 50 %, released",
		"Rolled back to 1.0.0.",
		"Version 1.1.0: rolled_back",
		"State: archived",
		"Version 1.0.0: offline",
	} {
		require.Contains(t, text, line)
	}
	require.Equal(t, 2, strings.Count(text, ", unbroken."))
}

// TestTwiceOnOneFile: another wallet is no hindrance.
func TestTwiceOnOneFile(t *testing.T) {
	t.Parallel()
	db := filepath.Join(t.TempDir(), "platform.db")
	told(t, "-db", db)
	told(t, "-db", db)
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		old, new string
		code     int
		want     string
	}{
		"a field that does not exist":       {`"users"`, `"usres"`, 2, `unknown field "usres"`},
		"one version":                       {`"users": 1000`, `"users": 0`, 2, "users: want 1 to 1,000,000"},
		"what the platform refuses":         {`"api.bakery.example"`, `"10.0.0.1"`, 1, "servers[0]"},
		"a share that shrinks":              {`[10, 50]`, `[50, 10]`, 1, "50"},
		"a JSAPI that no feature has":       {`"jsapis": ["my.tradePay"],`, `"jsapis": ["my.fly"],`, 1, "my.fly"},
		"a tagline that is much too short":  {`"Order warm bread now"`, `"Bread"`, 1, "tagline"},
		"a number below the one before":     {`"number": "1.1.0"`, `"number": "0.9.0"`, 1, "0.9.0"},
		"a feature without a JSAPI to have": {`"jsapis": ["my.scan"]}`, `"jsapis": []}`, 1, "jsapis"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, string(builtIn), tt.old)
			file := filepath.Join(t.TempDir(), "data.json")
			require.NoError(t, os.WriteFile(file, []byte(strings.Replace(string(builtIn), tt.old, tt.new, 1)), 0o600))
			var out, bad bytes.Buffer
			require.Equal(t, tt.code, run([]string{"-data", file}, &out, &bad), bad.String())
			require.Contains(t, bad.String(), tt.want)
		})
	}
	var out, bad bytes.Buffer
	require.Equal(t, 2, run([]string{"oops"}, &out, &bad))
	require.Equal(t, 2, run([]string{"-data", "nowhere.json"}, &out, &bad))
}
