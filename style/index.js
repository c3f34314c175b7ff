import './base.css';
import './progress.css';
import './rows.css';
import './notices.css';
import './changes.css';
import './page.css';
import './editor.css';
import './items.css';
