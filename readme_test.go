package superapp_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	goBlock    = regexp.MustCompile("(?s)```go\n(package main\n.*?)```")
	printBlock = regexp.MustCompile("(?s)may not invite anyone:\n\n```\n(.*?)```")
)

// TestReadme runs the program in the README and compares what it prints.
func TestReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	program, prints := goBlock.FindSubmatch(readme), printBlock.FindSubmatch(readme)
	require.NotNil(t, program, "README.md has no program")
	require.NotNil(t, prints, "README.md does not say what it prints")

	file := filepath.Join(t.TempDir(), "main.go")
	require.NoError(t, os.WriteFile(file, program[1], 0o600))
	out, err := exec.CommandContext(t.Context(), "go", "run", file).CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Equal(t, string(prints[1]), string(out))
}
