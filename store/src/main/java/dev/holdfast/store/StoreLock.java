package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to execute a store's runs: an operating system lock on a file of its own beside it.
 *
 * <p>The file is never the database's: closing any descriptor of a file gives up all of a process's
 * locks on it, SQLite's included. For the same reason a second opener in this process is found
 * without touching the lock file.
 */
final class StoreLock implements AutoCloseable {
  private static final Map<Path, String> HELD_HERE = new ConcurrentHashMap<>();

  private static final int LOOKS_MAX = 10;
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);

  private final StoreFile file;
  private final String holder;
  private final FileChannel channel;

  private StoreLock(StoreFile file, String holder, FileChannel channel) {
    this.file = file;
    this.holder = holder;
    this.channel = channel;
  }

  // One at a time: a look that ends during an acquisition would close the file and free its lock.
  static synchronized StoreLock acquire(StoreFile file) {
    String holder =
        "pid=%d%nsince=%s%n"
            .formatted(
                ProcessHandle.current().pid(), Instant.now().truncatedTo(ChronoUnit.SECONDS));
    String other = HELD_HERE.putIfAbsent(file.lock(), holder);
    if (other != null) {
      throw held(file, other);
    }
    boolean isHeld = false;
    try {
      StoreLock lock = new StoreLock(file, holder, locked(file));
      isHeld = true;
      return lock;
    } catch (IOException e) {
      throw new StoreFailed(
          "Cannot lock %s (%s). Check the permissions of the file and its folder."
              .formatted(file.lock(), e.getClass().getSimpleName()),
          e);
    } finally {
      if (!isHeld) {
        HELD_HERE.remove(file.lock());
      }
    }
  }

  /**
   * Who holds the lock at the moment.
   *
   * <p>It is found out by taking a shared lock for an instant, which is why {@link #acquire} tries
   * more than once.
   */
  static synchronized Optional<String> holder(StoreFile file) {
    String here = HELD_HERE.get(file.lock());
    if (here != null) {
      return Optional.of(oneLine(here));
    }
    if (!Files.exists(file.lock())) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(file.lock(), StandardOpenOption.READ);
        FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return lock == null ? Optional.of(oneLine(Files.readString(file.lock()))) : Optional.empty();
    } catch (IOException e) {
      throw new StoreFailed(
          "Cannot look at %s (%s). Check the permissions of the file and its folder."
              .formatted(file.lock(), e.getClass().getSimpleName()),
          e);
    }
  }

  private static String oneLine(String holder) {
    return holder.strip().replaceAll("\\s+", " ");
  }

  private static FileChannel locked(StoreFile file) throws IOException {
    StoreFile.createPrivately(file.lock());
    FileChannel channel =
        FileChannel.open(file.lock(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = lockPatiently(channel);
    } catch (OverlappingFileLockException e) {
      // Another class loader of this process holds it; closing the channel would free its lock.
      throw held(file, Files.readString(file.lock()));
    }
    if (lock == null) {
      channel.close();
      throw held(file, Files.readString(file.lock()));
    }
    return channel;
  }

  /** Somebody who only looked at the lock, as {@link #holder} does, is gone in an instant. */
  private static @Nullable FileLock lockPatiently(FileChannel channel) throws IOException {
    FileLock lock = channel.tryLock();
    for (int look = 1; lock == null && look < LOOKS_MAX; look++) {
      try {
        Thread.sleep(LOOK_EVERY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
      lock = channel.tryLock();
    }
    return lock;
  }

  /** Writes down who holds the lock, for people and for the second opener's message. */
  void describe(long opened) throws IOException {
    byte[] text = "%sopened=%d%n".formatted(holder, opened).getBytes(StandardCharsets.UTF_8);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text), 0);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StoreFailed("Cannot give up the lock %s.".formatted(file.lock()), e);
    } finally {
      HELD_HERE.remove(file.lock());
    }
  }

  private static StoreFailed held(StoreFile file, String holder) {
    return new StoreFailed(
        ("Another process executes the store %s: %s. Use Holdfast.client(path) to start runs and"
                + " answer them from here, or stop that process.")
            .formatted(file, oneLine(holder)));
  }
}
