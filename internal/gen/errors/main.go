// Command errors writes docs/errors.md: a table of every error that the
// module's packages declare with fault.Define. Run it with go generate ./fault.
package main

import (
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: errors MODULE_ROOT")
	}
	root := os.Args[1]
	sentinels, err := find(root)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, output), render(sentinels), 0o644); err != nil {
		log.Fatal(err)
	}
}
