package dbtest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// bouncerSettings make a pooler that shares few connections by the transaction.
// Whoever comes is let in, as the user of the DSN.
const bouncerSettings = `[databases]
* = host=%s port=%d user=%s%s
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %s
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
max_client_conn = 500
server_tls_sslmode = %s
`

// PgBouncer starts pgbouncer in front of the PostgreSQL server of a DSN, pooling
// by transaction over three connections, and returns the DSN that leads through
// it. It stops when the test ends; the test is skipped, or fails where CI is
// set, if pgbouncer is not installed.
//
// What pgx prepares on one connection it does not find on the next: a client
// wants a mode that prepares nothing, such as
// With(dsn, "default_query_exec_mode", "exec").
func PgBouncer(t testing.TB, dsn string) string {
	t.Helper()
	program := bouncer(t)
	c, err := pgconn.ParseConfig(dsn)
	if err != nil {
		t.Fatalf("pgbouncer: %v", err)
	}
	port := freePort(t)
	settings := filepath.Join(t.TempDir(), "pgbouncer.ini")
	var password string // which may not be empty
	if c.Password != "" {
		password = " password=" + quote(c.Password)
	}
	tls := "disable"
	if c.TLSConfig != nil {
		tls = "prefer"
	}
	text := fmt.Sprintf(bouncerSettings, quote(c.Host), c.Port, quote(c.User), password, port, tls)
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatalf("pgbouncer: %v", err)
	}
	stop := startBouncer(t, append(program, settings))
	dsn = With(With(With(dsn, "host", "127.0.0.1"), "port", port), "sslmode", "disable")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for err = answers(ctx, dsn); err != nil; err = answers(ctx, dsn) {
		if ctx.Err() != nil {
			t.Fatalf("pgbouncer does not answer: %v; it says:\n%s", err, stop())
		}
		time.Sleep(20 * time.Millisecond)
	}
	return dsn
}

// bouncer returns the command that runs pgbouncer. It does not run as root,
// but becomes somebody else then.
func bouncer(t testing.TB) []string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil { // Debian keeps it where only root looks
		program, err = exec.LookPath("/usr/sbin/pgbouncer")
	}
	if err != nil {
		missing(t, "no pgbouncer to test with: apt-get install pgbouncer")
	}
	if os.Geteuid() != 0 {
		return []string{program}
	}
	name := "nobody"
	if _, err := user.Lookup("postgres"); err == nil {
		name = "postgres"
	}
	return []string{program, "-u", name}
}

// startBouncer runs a command until the test ends. The shell around it ends it
// also when the test is killed, which closes the pipe that cat reads. stop ends
// it earlier, and returns what it said.
func startBouncer(t testing.TB, command []string) (stop func() string) {
	t.Helper()
	cmd := exec.Command("sh", append([]string{"-c", `"$@" & cat; kill $!; wait`, "sh"}, command...)...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatalf("start pgbouncer: %v", err)
	}
	stop = func() string {
		in.Close()
		cmd.Wait() // and for what it said
		return said.String()
	}
	t.Cleanup(func() { stop() })
	return stop
}

// answers asks the server for something, and prepares nothing.
func answers(ctx context.Context, dsn string) error {
	conn, err := pgconn.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return conn.Exec(ctx, "SELECT 1").Close()
}

// freePort returns a port of the loopback address that nobody listens to.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// quote writes a value of pgbouncer's settings.
func quote(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }
