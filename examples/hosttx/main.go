// Command hosttx shows the platform inside a transaction of the host's own. The
// host sells seats: an order is a row of its own table, and whoever the seat is
// for is invited into the buyer's workspace. Both are stored, or neither.
//
//	go run ./examples/hosttx
//	go run ./examples/hosttx -db postgres -dsn postgres://localhost/test
//	go run ./examples/hosttx -db mysql -dsn 'root@tcp(127.0.0.1:3306)/test'
//
// Without -dsn it works on an SQLite file in a temporary folder. On a database
// of yours it makes tables whose names begin with hosttx_, and leaves them
// there. It exits with 0, with 1 if something failed, and with 2 if the
// arguments are wrong.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("hosttx", flag.ContinueOnError)
	flags.SetOutput(stderr)
	engine := flags.String("db", "sqlite", "use the database `ENGINE`: sqlite, postgres or mysql")
	dsn := flags.String("dsn", "", "connect to `DSN`: a file for sqlite, else as the driver wants it")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0 || *dsn == "" && *engine != "sqlite":
		fmt.Fprintln(stderr, "hosttx: want -db and, but for sqlite, -dsn")
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := perform(ctx, *engine, *dsn, stdout); err != nil {
		fmt.Fprintln(stderr, "hosttx:", err)
		return 1
	}
	return 0
}

// perform opens the database and tells the story.
func perform(ctx context.Context, engine, dsn string, stdout io.Writer) error {
	if dsn == "" {
		dir, err := os.MkdirTemp("", "hosttx")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		dsn = filepath.Join(dir, "host.db")
	}
	h, err := open(ctx, engine, dsn)
	if err != nil {
		return err
	}
	defer h.db.Close()
	return tell(ctx, h, stdout)
}
