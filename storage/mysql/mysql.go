// Package mysql keeps a platform in a MariaDB (10.6 or later) or MySQL (8.0.19
// or later) database, on a pool that the host opened with
// github.com/go-sql-driver/mysql.
//
//	db, err := sql.Open("mysql", "app:secret@tcp(db.example)/app?interpolateParams=true")
//	...
//	store, err := mysql.New(db, nil)
//	...
//	err = store.Migrate(ctx)
//
// [New] never changes the schema: [Store.Migrate] does, and a host that keeps
// its schema by a tool of its own takes the statements from [Store.WriteSQL]
// and asks [Store.Validate] at its start. The tables may have a prefix
// ([Options].TablePrefix).
//
// # The DSN
//
// parseTime, loc, clientFoundRows and multiStatements make no difference, and
// times are kept as numbers, so no time zone does either. interpolateParams=true
// saves a round trip and more with each statement. The character set stays the
// default, utf8mb4, and the server's sql_mode strict, as it is by default.
// autocommit=0, completion_type other than NO_CHAIN and READ UNCOMMITTED are
// refused at the first use: a check would answer from an old state, or from one
// that nobody has committed.
//
// # Rights
//
// To work with the platform a user needs SELECT, INSERT, UPDATE and DELETE on
// its tables. Migrate needs CREATE, ALTER, INDEX and REFERENCES as well. What is
// missing gives storage.ErrForbidden.
//
// # Concurrency
//
// A unit of work runs in READ COMMITTED and locks the rows of its workspaces
// first, so units on one workspace run one behind the other, in whatever
// process, and units on others beside them. A View is a snapshot. A unit that
// loses against another one, by a deadlock or a lock that is not free in time,
// runs again, and ends with storage.ErrBusy when its deadline comes, or
// [Options].BusyTimeout if its context has none. The binary log, if there is
// one, must not be of format STATEMENT, which InnoDB does not allow beside READ
// COMMITTED.
//
// If the connection breaks before the COMMIT, the error is
// storage.ErrUnreachable and nothing was kept; if it breaks during the COMMIT,
// storage.ErrOutcomeUnknown. Connections that the pool held while the server
// was restarted are replaced without an error.
//
// # The host's transaction
//
// [Store.Bind] makes the library's verbs part of a transaction that the host
// opened on the same database. At a deadlock, and at error 1020, the engine ends
// the whole transaction and its savepoints, and whatever statement came next
// would be committed by itself. The store answers storage.ErrTxLost then and
// takes nothing more: roll back at once, without another statement, and run
// the transaction again. [Retryable] tells so, also of errors of the host's own
// statements and COMMIT.
//
// # Galera Cluster
//
// Every node may be used, also several at a time. Conflicts with another node
// come with the COMMIT, and the unit runs again. The DSN wants two settings:
//
//	wsrep_sync_wait=1        a node answers when it has what the others committed before;
//	                         without it somebody who goes from one node to another may
//	                         not find what he has just stored
//	interpolateParams=true   without it the driver prepares each statement, and if another
//	                         node ends a transaction meanwhile, MariaDB tells nobody: the
//	                         rest of the unit would be stored without its beginning.
//	                         The store refuses a cluster without it
//
// For the same reason the host prepares nothing inside a transaction there. A
// node that has lost the others gives storage.ErrUnreachable.
package mysql
