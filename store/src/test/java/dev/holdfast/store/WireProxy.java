package dev.holdfast.store;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A network between clients and a PostgreSQL server that breaks where a test wants it to.
 *
 * <p>It understands where a request ends and which SQL it carries, so that a connection can be cut
 * before a request reached the server, or after it was carried out and before its answer is told.
 */
final class WireProxy implements AutoCloseable {
  /** What happens to one request. */
  enum Fate {
    PASS,
    /** The connection ends, and the server never sees the request. */
    CUT_BEFORE,
    /** The server carries it out; then the connection ends instead of its answer. */
    CUT_AFTER,
    /** Nothing passes any more in either direction, and nobody is told. */
    SILENCE
  }

  /** The SQL of one request, and which of its connection it is, from 1. */
  record Request(List<String> sql, int number) {
    boolean has(String part) {
      return sql.stream().anyMatch(statement -> statement.contains(part));
    }
  }

  private final ServerSocket listening;
  private final int serverPort;
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private final List<Fate> dealt = new CopyOnWriteArrayList<>();
  private volatile Function<Request, Fate> faults = request -> Fate.PASS;

  WireProxy(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("proxy").start(this::accept);
  }

  String url(String database) {
    return "jdbc:postgresql://localhost:%d/%s?user=postgres&sslmode=disable&gssEncMode=disable"
        .formatted(listening.getLocalPort(), database);
  }

  /** From now on asked about every request; by any connection's thread. */
  void faults(Function<Request, Fate> chosen) {
    faults = chosen;
  }

  void heal() {
    faults = request -> Fate.PASS;
  }

  /** How many requests met that fate. */
  long dealt(Fate fate) {
    return dealt.stream().filter(fate::equals).count();
  }

  /** Cuts what is connected now. */
  void cutAll() {
    open.forEach(WireProxy::close);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Thread.ofVirtual().name("proxy-connection").start(() -> serve(client));
      }
    } catch (IOException closed) {
      cutAll();
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      new Wire(client, server).run();
    } catch (IOException gone) {
      close(client);
    }
  }

  private static void close(Closeable one) {
    try {
      one.close();
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
  }

  @Override
  public void close() {
    close(listening);
    cutAll();
  }

  /** One connection of a client and its connection to the server. */
  private final class Wire {
    private final Socket client;
    private final Socket server;
    private final Map<String, String> statements = new HashMap<>();
    private volatile boolean isSilent;
    private volatile boolean endsAtAnswer;

    Wire(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void run() throws IOException {
      open.add(client);
      open.add(server);
      Thread answering = Thread.ofVirtual().name("proxy-answers").unstarted(this::answers);
      try {
        var in = new DataInputStream(client.getInputStream());
        Frame.first(in).write(server.getOutputStream());
        answering.start();
        requests(in);
      } catch (IOException gone) {
        if (!isSilent) {
          throw gone;
        }
        // The server is not told that its client is gone.
        joined(answering);
      } finally {
        open.remove(client);
        open.remove(server);
      }
    }

    private static void joined(Thread thread) throws IOException {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }

    private void requests(DataInputStream in) throws IOException {
      var frames = new java.util.ArrayList<Frame>();
      for (int number = 1; ; ) {
        Frame frame = Frame.next(in);
        frames.add(frame);
        if (frame.type() == Frame.TERMINATE) {
          frame.write(server.getOutputStream());
          return;
        }
        if (frame.endsRequest()) {
          deal(frames, new Request(sql(frames), number++));
          frames.clear();
        }
      }
    }

    private void deal(List<Frame> frames, Request request) throws IOException {
      Fate fate = isSilent ? Fate.SILENCE : faults.apply(request);
      dealt.add(fate);
      switch (fate) {
        case PASS -> pass(frames);
        case CUT_BEFORE -> throw new IOException("cut before a request");
        case CUT_AFTER -> {
          endsAtAnswer = true;
          pass(frames);
        }
        case SILENCE -> isSilent = true;
      }
    }

    private void pass(List<Frame> frames) throws IOException {
      for (Frame frame : frames) {
        frame.write(server.getOutputStream());
      }
    }

    private List<String> sql(List<Frame> frames) {
      var sql = new java.util.ArrayList<String>();
      for (Frame frame : frames) {
        switch (frame.type()) {
          case Frame.QUERY -> sql.add(frame.text(0));
          case Frame.PARSE -> statements.put(frame.text(0), frame.text(1));
          case Frame.BIND -> sql.add(String.valueOf(statements.get(frame.text(1))));
          default -> {
            continue;
          }
        }
      }
      return List.copyOf(sql);
    }

    private void answers() {
      try {
        var in = new DataInputStream(server.getInputStream());
        while (true) {
          Frame frame = Frame.next(in);
          if (endsAtAnswer && frame.type() == Frame.READY) {
            throw new IOException("cut before an answer");
          }
          if (!isSilent && !endsAtAnswer) {
            frame.write(client.getOutputStream());
          }
        }
      } catch (IOException gone) {
        WireProxy.close(client);
        WireProxy.close(server);
      }
    }
  }
}
