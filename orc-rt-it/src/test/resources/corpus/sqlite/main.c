// SPDX-License-Identifier: Apache-2.0
// 20,000 rows into an in-memory database, and what aggregation, a join, an index and a rollback make of them.
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 20000, GROUPS = 7 };

static void check(sqlite3 *db, int code, int wanted) {
    if (code != wanted) {
        printf("sqlite error %d: %s\n", code, sqlite3_errmsg(db));
        fflush(stdout);
        abort();
    }
}

static void run(sqlite3 *db, const char *sql) {
    check(db, sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static int print_row(void *title, int columns, char **values, char **names) {
    printf("%s:", (const char *)title);
    for (int i = 0; i < columns; i++) {
        printf(" %s=%s", names[i], values[i] ? values[i] : "null");
    }
    printf("\n");
    return 0;
}

static void show(sqlite3 *db, const char *title, const char *sql) {
    check(db, sqlite3_exec(db, sql, print_row, (void *)title, NULL), SQLITE_OK);
}

static void fill(sqlite3 *db) {
    sqlite3_stmt *insert;
    run(db, "create table reading(id integer primary key, grp integer, amount integer, label text)");
    run(db, "begin");
    check(db, sqlite3_prepare_v2(db, "insert into reading values(?, ?, ?, ?)", -1, &insert, NULL), SQLITE_OK);
    for (int i = 1; i <= ROWS; i++) {
        char label[32];
        snprintf(label, sizeof label, "row-%05d", i);
        sqlite3_bind_int(insert, 1, i);
        sqlite3_bind_int(insert, 2, i % GROUPS);
        sqlite3_bind_int64(insert, 3, (sqlite3_int64)i * i % 1009);
        sqlite3_bind_text(insert, 4, label, -1, SQLITE_TRANSIENT);
        check(db, sqlite3_step(insert), SQLITE_DONE);
        sqlite3_reset(insert);
    }
    check(db, sqlite3_finalize(insert), SQLITE_OK);
    run(db, "commit");
}

int main(void) {
    sqlite3 *db;
    check(NULL, sqlite3_open(":memory:", &db), SQLITE_OK);
    fill(db);
    show(db, "all", "select count(*) n, sum(amount) total, min(label) lowest, max(label) highest from reading");
    show(db, "group", "select grp, count(*) n, sum(amount) total from reading group by grp order by grp");
    run(db, "create index by_amount on reading(amount)");
    show(db, "join", "select count(*) pairs from reading a join reading b on a.amount = b.amount and a.id < b.id");
    run(db, "begin");
    run(db, "delete from reading where id % 2 = 0");
    show(db, "deleted", "select count(*) n from reading");
    run(db, "rollback");
    show(db, "rolled back", "select count(*) n from reading");
    show(db, "check", "pragma integrity_check");
    check(db, sqlite3_close(db), SQLITE_OK);
    return GROUPS;
}
