package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gives the compared systems places of their own, and removes them afterwards; for one thread. */
final class PeerStage implements AutoCloseable {
  private final Scratch scratch;
  private final PeerServer server;
  private final Optional<PeerNode> node;
  private final List<PeerPlace> places = new ArrayList<>();

  private PeerStage(Scratch scratch, PeerServer server, Optional<PeerNode> node) {
    this.scratch = scratch;
    this.server = server;
    this.node = node;
  }

  /**
   * A stage on the PostgreSQL server of that JDBC URL, or on one of its own.
   *
   * @param node where the systems on Node are installed, if they are
   */
  static PeerStage open(Optional<String> url, Optional<PeerNode> node)
      throws IOException, SQLException {
    Scratch scratch = Scratch.create();
    try {
      PeerServer server =
          url.isPresent()
              ? PeerServer.at(url.get())
              : PeerServer.embedded(scratch.folder().resolve("postgres"));
      return new PeerStage(scratch, server, node);
    } catch (IOException | SQLException | RuntimeException unfit) {
      scratch.close();
      throw unfit;
    }
  }

  PeerServer server() {
    return server;
  }

  Path folder() {
    return scratch.folder();
  }

  /** A place with nothing in it, at whose outside keys are honoured. */
  PeerPlace place(PeerSystem system, String workload) throws SQLException {
    return place(system, workload, true);
  }

  /** A place with nothing in it. */
  PeerPlace place(PeerSystem system, String workload, boolean isKeyed) throws SQLException {
    String name = "peers_%s_%s".formatted(workload, system.key());
    String url = system.onPostgres() ? server.create(name) : "";
    Path folder = scratch.folder().resolve(name);
    var place = new PeerPlace(system, folder, url, isKeyed, node);
    places.add(place);
    return place;
  }

  @Override
  public void close() throws IOException, SQLException {
    for (PeerPlace place : places) {
      place.close();
    }
    server.close();
    scratch.close();
  }
}
