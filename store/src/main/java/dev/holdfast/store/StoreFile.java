package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;

/**
 * The file that a store lives in, by its real path.
 *
 * @param path absolute, without symbolic links
 */
record StoreFile(Path path) {
  private static final Set<String> NETWORK_FILE_SYSTEMS =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "afs",
          "afpfs",
          "ncpfs",
          "webdav",
          "davfs",
          "lustre",
          "ceph",
          "glusterfs",
          "fuse.glusterfs",
          "fuse.sshfs",
          "fuse.ceph");

  /** The file to be executed from, which may not exist yet. */
  static StoreFile of(Path path) {
    if (Files.isDirectory(path)) {
      throw new StoreFailed(
          "%s is a folder. Name a file in it, such as %s."
              .formatted(path, path.resolve("holdfast.db")));
    }
    StoreFile file = new StoreFile(real(path.toAbsolutePath()));
    // The driver takes everything behind a question mark for settings.
    if (file.path.toString().indexOf('?') >= 0) {
      throw new StoreFailed("The path %s holds a '?'. Use another name.".formatted(path));
    }
    file.refuseNetwork();
    return file;
  }

  /** The file of a store that somebody has opened before. */
  static StoreFile existing(Path path) {
    StoreFile file = of(path);
    if (!Files.exists(file.path)) {
      throw new StoreFailed(
          "There is no store at %s. Check the path, or open it in the application first."
              .formatted(file.path));
    }
    return file;
  }

  Path lock() {
    return path.resolveSibling(path.getFileName() + ".lock");
  }

  Path wal() {
    return path.resolveSibling(path.getFileName() + "-wal");
  }

  String url() {
    return "jdbc:sqlite:" + path;
  }

  /** Makes an empty file that only its owner may read, where there is none. */
  void create() {
    createPrivately(path);
  }

  static void createPrivately(Path file) {
    try {
      if (Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")) {
        var owner = PosixFilePermissions.fromString("rw-------");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(owner));
      } else {
        Files.createFile(file);
      }
    } catch (FileAlreadyExistsException e) {
      return;
    } catch (IOException e) {
      throw new StoreFailed(
          "Cannot create %s (%s). Check the folder's permissions and free space."
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }

  private static Path real(Path path) {
    try {
      if (Files.exists(path)) {
        return path.toRealPath();
      }
      Path folder = path.getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new StoreFailed(
            "The folder of the store %s does not exist. Create it first: mkdir -p %s"
                .formatted(path, folder));
      }
      return folder.toRealPath().resolve(path.getFileName());
    } catch (IOException e) {
      throw new StoreFailed(
          "Cannot reach %s (%s). Check the folder's permissions."
              .formatted(path, e.getClass().getSimpleName()),
          e);
    }
  }

  private void refuseNetwork() {
    try {
      String type = Files.getFileStore(path.getParent()).type();
      if (isNetwork(type)) {
        throw new StoreFailed(
            ("%s lies on a network file system (%s), whose locks cannot be trusted."
                    + " Put the store on a local disk.")
                .formatted(path, type));
      }
    } catch (IOException e) {
      throw new StoreFailed("Cannot tell the file system of %s.".formatted(path), e);
    }
  }

  static boolean isNetwork(String type) {
    return NETWORK_FILE_SYSTEMS.contains(type.toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
