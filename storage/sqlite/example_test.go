package sqlite_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/superapp-go/superapp/storage/sqlite"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "platform")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	store, err := sqlite.Open(ctx, filepath.Join(dir, "platform.db"), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()

	fmt.Println("at first:", store.Validate(ctx))
	if err := store.Migrate(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println("migrated:", store.Validate(ctx))
	// Output:
	// at first: the schema is missing or old: call Migrate
	// migrated: <nil>
}
