package dev.holdfast.store;
import dev.holdfast.journal.*;
import dev.holdfast.journal.spi.*;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.*;
import java.nio.file.Path;
/** Stub. */
public final class Holdfast implements AutoCloseable {
  private final Engine engine;
  private Holdfast(Engine engine) { this.engine = engine; }
  /** Opens. */
  public static Holdfast open(Path path, Options options) {
    return new Holdfast(Engine.over(SqliteJournal.open(path, options.durability(), options.settings().clock()::now), JsonCodec.standard(), options.settings()));
  }
  /** Open. */ public static Holdfast open(Path path) { return open(path, Options.standard()); }
  /** Client. */
  public static Client client(Path path) { return Client.over(SqliteClient.open(StoreFile.of(path), java.time.InstantSource.system()), JsonCodec.standard(), Settings.standard()); }
  /** Reader. */
  public static JournalReader reader(Path path) { return SqliteReader.open(StoreFile.of(path)); }
  /** Engine. */
  public Engine engine() { return engine; }
  /** Reg. */
  public void register(Workflow<?, ?>... w) { engine.register(w); }
  /** Start. */
  public <I, O> Handle<O> start(Workflow<I, O> w, String id, I input) { return engine.start(w, id, input); }
  /** Find. */
  public <O> Handle<O> find(String id, Class<O> t) { return engine.find(id, t); }
  /** Settle. */
  public void settle(String id, StepPath p, Verdict v, String who, String why) { engine.client().settle(id, p, v, who, why); }
  @Override public void close() { engine.close(); }
}
