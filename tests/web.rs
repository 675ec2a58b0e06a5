//! Components in a real browser: the ARIA attributes that virtual rows have to carry by hand.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, missing_docs)]

use picklescope::safety::Level;
use picklescope::view::{LabelKind, RowMark, TextKind, TextPart, TreeRow};
use picklescope::web::components::tree_row::{TreeRowView, TreeRowViewProps};
use picklescope::web::scroll::Window;
use picklescope::web::virtual_list::{VirtualList, VirtualListProps};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

wasm_bindgen_test_configure!(run_in_browser);

fn host() -> Element {
    let document = web_sys::window().and_then(|window| window.document()).expect("a page");
    let host = document.create_element("div").expect("an element");
    document.body().expect("a body").append_child(&host).expect("appended");
    host
}

async fn mount<C: BaseComponent>(host: &Element, props: C::Properties) {
    yew::Renderer::<C>::with_root_and_props(host.clone(), props).render();
    settle().await;
}

/// Lets Yew render, run its effects and render again.
async fn settle() {
    for _ in 0..5 {
        yew::platform::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

fn attribute(host: &Element, selector: &str, name: &str) -> Option<String> {
    host.query_selector(selector).expect("a selector").expect(selector).get_attribute(name)
}

fn row() -> TreeRow {
    TreeRow {
        row: 7,
        level: 3,
        position: 2,
        siblings: 5,
        parent: Some(1),
        expanded: Some(false),
        label_kind: LabelKind::Key,
        label: "'note'".to_owned(),
        type_name: "call os.system".to_owned(),
        preview: vec![TextPart::new(TextKind::Str, "'id'")],
        bars: vec![3, 0, 12],
        marks: vec![RowMark::Danger { level: Level::Dangerous, text: "would run a shell command".to_owned() }],
        size: Some(61),
        offset: Some(40),
        key: Some(33),
    }
}

#[wasm_bindgen_test]
async fn a_tree_row_says_where_it_stands() {
    let host = host();
    mount::<TreeRowView>(
        &host,
        TreeRowViewProps { index: 7, row: Some(Rc::new(row())), focused: true, selected: true, is_hit: false },
    )
    .await;
    for (name, value) in [
        ("id", "tree-7"),
        ("role", "treeitem"),
        ("aria-level", "3"),
        ("aria-setsize", "5"),
        ("aria-posinset", "2"),
        ("aria-expanded", "false"),
        ("aria-selected", "true"),
    ] {
        assert_eq!(attribute(&host, "[data-row]", name).as_deref(), Some(value), "{name}");
    }
    let text = host.text_content().unwrap_or_default();
    assert!(text.contains("Dangerous") && text.contains("would run a shell command"), "{text}");
    assert!(host.query_selector("[data-mark=danger] svg").expect("a selector").is_some(), "a shape beside the words");
}

#[wasm_bindgen_test]
async fn a_leaf_has_no_expanded_state_and_deep_levels_are_named() {
    let host = host();
    let leaf = TreeRow { expanded: None, level: 200_000, ..row() };
    mount::<TreeRowView>(
        &host,
        TreeRowViewProps { index: 7, row: Some(Rc::new(leaf)), focused: false, selected: false, is_hit: false },
    )
    .await;
    assert_eq!(attribute(&host, "[data-row]", "aria-expanded"), None);
    assert!(host.text_content().unwrap_or_default().contains("L200000"));
    let row: HtmlElement = host.query_selector("[data-row]").expect("a selector").expect("a row").unchecked_into();
    assert!(row.get_attribute("style").unwrap_or_default().contains("24 *"), "the indent is capped");
}

#[wasm_bindgen_test]
async fn a_list_of_a_billion_rows_has_few_and_keeps_the_focused_one() {
    let host = host();
    let props = VirtualListProps {
        id: "many".into(),
        role: "tree".into(),
        label: "Many".into(),
        class: Classes::new(),
        total: 1_000_000_000,
        focus: Some(999_999_999),
        reveal: 0,
        active: None,
        header: None,
        columns: None,
        is_recycling: false,
        row: Callback::from(
            |index: u64| html! { <div key={index.to_string()} id={format!("many-{index}")} role="treeitem" /> },
        ),
        onwindow: Callback::from(|_: Window| true),
        onkeydown: Callback::noop(),
        onclick: Callback::noop(),
        ondblclick: Callback::noop(),
        onmousedown: None,
        onmousemove: None,
    };
    mount::<VirtualList>(&host, props).await;
    let count = host.query_selector_all("[role=treeitem]").expect("a selector").length();
    assert!((1..200).contains(&count), "{count} rows");
    assert_eq!(attribute(&host, "[role=tree]", "aria-activedescendant").as_deref(), Some("many-999999999"));
    assert!(host.query_selector("#many-999999999").expect("a selector").is_some());
    let style = attribute(&host, ".list-spacer", "style").unwrap_or_default();
    assert!(style.contains("8e+06px") || style.contains("8000000px"), "{style}");
}
