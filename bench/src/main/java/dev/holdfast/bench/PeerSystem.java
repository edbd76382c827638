package dev.holdfast.bench;

import java.util.Locale;

/** The compared systems. */
enum PeerSystem {
  HOLDFAST_SQLITE(
      "Holdfast, SQLite",
      Host.JVM,
      false,
      "POWER_LOSS (WAL, synchronous=FULL), group commit",
      "keyed: the run hands its own key to a target that honours keys"),
  HOLDFAST_POSTGRES(
      "Holdfast, PostgreSQL",
      Host.JVM,
      true,
      "the server's, group commit, pool of 64",
      "keyed: the run hands its own key to a target that honours keys"),
  DBOS(
      "DBOS Transact Java",
      Host.JVM,
      true,
      "the server's, own data source with a pool of 64",
      "one step, at least once; it has no key of its own to hand over"),
  NAIVE(
      "naive loop",
      Host.JVM,
      false,
      "a file for each run, flushed after each step",
      "called unless the file says that it was; no key"),
  RAW(
      "bare writer, SQLite",
      Host.JVM,
      false,
      "WAL, synchronous=FULL, commits of the mean size of Holdfast's in the same round",
      "no journal: each life calls it again under the run's id, at a target that honours keys"),
  RAW_POSTGRES(
      "bare writer, PostgreSQL",
      Host.JVM,
      true,
      "the server's, 64 connections, one row a commit",
      "no journal: each life calls it again under the run's id, at a target that honours keys"),
  RESTATE(
      "Restate",
      Host.NODE,
      false,
      "one server node, its defaults; JavaScript SDK",
      "one ctx.run, at least once; it has no key of its own to hand over"),
  LANGGRAPH_SQLITE(
      "LangGraph JS, SQLite",
      Host.NODE,
      false,
      "durability=sync; WAL, synchronous=FULL",
      "one node, at least once; it has no key of its own to hand over"),
  LANGGRAPH_POSTGRES(
      "LangGraph JS, PostgreSQL",
      Host.NODE,
      true,
      "durability=sync; the server's, pool of 64",
      "one node, at least once; it has no key of its own to hand over");

  /** What a system runs in. */
  enum Host {
    JVM,
    NODE
  }

  private final String title;
  private final Host host;
  private final boolean onPostgres;
  private final String durability;
  private final String effect;

  PeerSystem(String title, Host host, boolean onPostgres, String durability, String effect) {
    this.title = title;
    this.host = host;
    this.onPostgres = onPostgres;
    this.durability = durability;
    this.effect = effect;
  }

  /** What figures are called by. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String title() {
    return title;
  }

  Host host() {
    return host;
  }

  /** Whether it gets a database of the PostgreSQL server, and not only a folder. */
  boolean onPostgres() {
    return onPostgres;
  }

  /** What a step that it calls durable survives, and how it gets there. */
  String durability() {
    return durability;
  }

  /** How it calls the effect of the workload that is killed. */
  String effect() {
    return effect;
  }

  /** Whether it brings runs to their end after a crash. */
  boolean recovers() {
    return this != RAW && this != RAW_POSTGRES;
  }
}
