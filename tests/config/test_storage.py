"""Static files as they are served."""

from pathlib import Path

from config.storage import ServedFilesStorage


def test_pointers_to_source_maps_are_gone_and_names_are_hashed(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("b{color:red}\n/*# sourceMappingURL=a.css.map*/")
    (tmp_path / "a.js").write_text("const s = '//# sourceMappingURL=kept';\n//# sourceMappingURL=a.js.map\n")
    storage = ServedFilesStorage(location=tmp_path)
    list(storage.post_process({name: (storage, name) for name in ("a.css", "a.js")}))
    assert Path(storage.path(storage.stored_name("a.css"))).read_text().strip() == "b{color:red}"
    assert "sourceMappingURL=kept" in Path(storage.path(storage.stored_name("a.js"))).read_text()
    assert "a.js.map" not in Path(storage.path(storage.stored_name("a.js"))).read_text()


def test_our_modules_import_each_other_by_their_hashed_names(tmp_path: Path) -> None:
    (tmp_path / "js" / "charts").mkdir(parents=True)
    (tmp_path / "js" / "charts.js").write_text('import { look } from "./charts/look.js";\n')
    (tmp_path / "js" / "charts" / "look.js").write_text("export const look = 1;\n")
    storage = ServedFilesStorage(location=tmp_path)
    list(storage.post_process({name: (storage, name) for name in ("js/charts.js", "js/charts/look.js")}))
    look = Path(storage.stored_name("js/charts/look.js")).name
    assert f'from "./charts/{look}"' in Path(storage.path(storage.stored_name("js/charts.js"))).read_text()
